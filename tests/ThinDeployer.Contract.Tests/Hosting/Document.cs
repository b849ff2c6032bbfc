namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>The project's documents, whose examples are run.</summary>
internal static class Document
{
    internal static string Read(params string[] path) =>
        File.ReadAllText(Path.Combine([AppContext.BaseDirectory, .. path]));
}
