using ThinDeployer.Shell;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>
/// A command that restarts the server which runs it, and waits for that: it is stopped before it has ended, so its
/// deployment is interrupted, and <c>on_failure</c> takes back what was just installed.
/// </summary>
internal static class SelfRestart
{
    /// <summary>What the unit is called in the documentation.</summary>
    internal const string UsualUnit = "thin-deployer";

    private const string Suffix = ".service";

    private static readonly string[] Before = ["sudo", "doas", "exec", "command", "env"];
    private static readonly string[] Verbs =
    [
        "restart",
        "try-restart",
        "reload-or-restart",
        "try-reload-or-restart",
        "stop",
    ];

    /// <param name="source">The command.</param>
    /// <param name="unit">What the server is called, without a suffix.</param>
    internal static bool IsIn(string source, string unit) =>
        ShellLexer
            .FindCommands(source)
            .Where(command => command.Words.Count > 0 && !IsLeftToItself(source, command.Words[^1].End))
            .Any(command => RestartedBy([.. command.Words.Select(word => word.Text)]).Contains(unit));

    /// <summary>The unit that holds a process, by its control group (cgroups(7)); null where none does.</summary>
    internal static string? UnitOf(int processId)
    {
        try
        {
            return
                File.ReadLines($"/proc/{processId}/cgroup")
                    .Select(line => line.Split('/')[^1])
                    .FirstOrDefault(name => name.EndsWith(Suffix, StringComparison.Ordinal))
                    is { } name
                ? WithoutSuffix(name)
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The units that a command restarts, and waits for.</summary>
    private static IEnumerable<string> RestartedBy(IReadOnlyList<string> words)
    {
        var program = words.SkipWhile(word => Before.Contains(word) || word.StartsWith('-')).ToList();
        switch (program)
        {
            case ["service", var name, "restart" or "stop", ..]:
                return [WithoutSuffix(name)];
            case ["systemctl", .. var arguments] when !arguments.Any(IsHarmless):
                var operands = arguments.Where(word => !word.StartsWith('-')).ToList();
                return operands is [var verb, .. var units] && Verbs.Contains(verb) ? units.Select(WithoutSuffix) : [];
            default:
                return [];
        }
    }

    /// <summary>It does not wait, or speaks of another machine.</summary>
    private static bool IsHarmless(string option) =>
        option is "--no-block" or "-M" or "-H"
        || option.StartsWith("--host", StringComparison.Ordinal)
        || option.StartsWith("--machine", StringComparison.Ordinal);

    /// <summary>Nobody waits for what a lone <c>&amp;</c> follows.</summary>
    private static bool IsLeftToItself(string source, int end) =>
        source[end..].TrimStart(' ', '\t', ')', '}') is ['&', .. var rest] && !rest.StartsWith('&');

    private static string WithoutSuffix(string unit) =>
        unit.EndsWith(Suffix, StringComparison.Ordinal) ? unit[..^Suffix.Length] : unit;
}
