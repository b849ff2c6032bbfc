using System.Diagnostics;

namespace ThinDeployer.Bench.Programs;

/// <summary>Programs that do one thing, print what came of it, and end.</summary>
internal static class Tool
{
    /// <summary>What it printed; it is ended when the caller no longer waits.</summary>
    /// <exception cref="BenchFaultException">It failed.</exception>
    internal static async Task<string> OutputAsync(
        string program,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken
    )
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        process.Start();
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? output.TrimEnd()
                : throw new BenchFaultException(
                    $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}"
                );
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
