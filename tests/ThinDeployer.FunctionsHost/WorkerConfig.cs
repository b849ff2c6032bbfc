using System.Text.Json;

namespace ThinDeployer.FunctionsHost;

/// <summary>How the app says, in <c>worker.config.json</c>, that it is started.</summary>
/// <param name="Executable">Such as <c>dotnet</c>, looked for in PATH.</param>
/// <param name="Worker">The file of the app.</param>
internal sealed record WorkerConfig(string Executable, string Worker)
{
    internal static WorkerConfig Read(string folder)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "worker.config.json")));
        var description = file.RootElement.GetProperty("description");
        return new WorkerConfig(
            description.GetProperty("defaultExecutablePath").GetString()!,
            description.GetProperty("defaultWorkerPath").GetString()!
        );
    }
}
