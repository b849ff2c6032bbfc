using System.Globalization;

namespace ThinDeployer.Steps;

/// <summary>How the process of a step ended.</summary>
/// <param name="ExitCode">Null where it did not start or was stopped.</param>
/// <param name="Reason">Why it failed, as the end of a sentence; null where it succeeded.</param>
/// <param name="WasStopped">Whether the server stopped it.</param>
internal sealed record StepEnd(int? ExitCode, string? Reason, bool WasStopped)
{
    /// <summary>The exit code of a shell whose command died of signal N is this plus N (POSIX, "Shell Commands").</summary>
    private const int SignalBase = 128;

    /// <summary>Who stops it knows the reason.</summary>
    internal static StepEnd Stopped { get; } = new(ExitCode: null, "was stopped", WasStopped: true);

    /// <summary>Of what has no exit code.</summary>
    internal static StepEnd Good { get; } = new(ExitCode: null, Reason: null, WasStopped: false);

    /// <summary>As <see cref="Good"/>.</summary>
    internal static StepEnd Failed(string why) => new(ExitCode: null, $"failed: {why}", WasStopped: false);

    internal static StepEnd NotStarted(string why) =>
        new(ExitCode: null, $"failed: it could not start, because {why}", WasStopped: false);

    internal static StepEnd Exited(int code) => new(code, code == 0 ? null : Sentence(code), WasStopped: false);

    private static string Sentence(int code)
    {
        var number = code.ToString(CultureInfo.InvariantCulture);
        var meaning = code switch
        {
            126 => " (found, but it can't be executed)",
            127 => " (command not found)",
            > SignalBase when PosixSignals.NameOf(code - SignalBase) is { } signal => $" (as after {signal})",
            _ => "",
        };
        return $"failed with exit code {number}{meaning}";
    }
}
