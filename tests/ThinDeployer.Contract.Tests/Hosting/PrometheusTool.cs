using System.Diagnostics;

namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>Prometheus' own judge, promtool, of Debian's package <c>prometheus</c>.</summary>
internal static class PrometheusTool
{
    /// <summary>Null where it is not installed.</summary>
    internal static string? Path { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => System.IO.Path.Combine(folder, "promtool"))
            .FirstOrDefault(File.Exists);

    /// <summary>Asks it; null where it is not installed.</summary>
    /// <returns>What it says, and its exit code.</returns>
    internal static async Task<(string Said, int Code)?> AskAsync(string input, params string[] arguments)
    {
        if (Path is null)
        {
            return null;
        }

        using var process = Process.Start(
            new ProcessStartInfo(Path, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (said, process.ExitCode);
    }
}
