using System.Text.Json;

namespace ThinDeployer.Bench.Programs;

/// <summary>Services that are measured.</summary>
internal static class Services
{
    internal const string Token = "bench-token-0123456789-0123456789-abcdef";
    internal const string WrongToken = "wrong-token-0123456789-0123456789-abcdef";
    internal const string AdminToken = "admin-token-0123456789-0123456789-abcdef";

    /// <summary>One step that does nothing, waited for.</summary>
    internal const string Site = "site";

    /// <summary>One step that is a program and its argument, waited for.</summary>
    internal const string Words = "words";

    /// <summary>A step that does nothing, answered at once and run one after the other.</summary>
    internal const string Burst = "burst";

    /// <summary>Prints <see cref="OutputBytes"/>.</summary>
    internal const string Output = "output";

    /// <summary>Runs until it is stopped; those behind it wait.</summary>
    internal const string Busy = "busy";

    internal const string NothingCommand = "true";
    internal const string WordsCommand = "git --version";
    internal const string OutputCommand = @"head -c 100000000 /dev/zero | tr '\0' x";
    internal const int OutputBytes = 100_000_000;
    internal const int BurstSize = 5_000;

    /// <summary>Each a text of YAML.</summary>
    internal static IReadOnlyList<string> Standard { get; } =
    [
        Of(Site, NothingCommand, "parallel: 64, max_queued: 10000"),
        Of(Words, WordsCommand, "parallel: 64, max_queued: 10000"),
        Of(Burst, NothingCommand, "respond: accepted, max_queued: 10000, keep: 10000"),
        Of(Output, OutputCommand, "parallel: 64, max_output: 128MiB"),
        Of(Busy, "sleep 600", "respond: accepted, max_queued: 10000"),
    ];

    /// <summary>Many services that do nothing, <c>PREFIX0</c> and on.</summary>
    internal static IEnumerable<string> Many(string prefix, int count, int keep) =>
        Enumerable
            .Range(0, count)
            .Select(number => Of($"{prefix}{number}", NothingCommand, $"parallel: 64, keep: {keep}"));

    // A path is relative to the file, which lies in a folder beside that of the site.
    private static string Of(string name, string command, string more) =>
        $"{name}: {{token: {Token}, pwd: ../site, {more}, commands: [{JsonSerializer.Serialize(command)}]}}";
}
