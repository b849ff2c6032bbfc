using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Functions.Tests.Contracts;

/// <summary>The app as its build left it, a real worker, below the stand-in for the Functions host.</summary>
public sealed partial class FunctionsApp : IHostProgram
{
    /// <summary>Where the app was built to.</summary>
    internal static string AppFolder { get; } = Metadata("AppFolder");

    public string Path { get; } = System.IO.Path.Combine(Metadata("HostFolder"), "ThinDeployer.FunctionsHost");

    /// <summary>
    /// The host lets requests finish before it tells the worker; tests leave some behind that never would. It kills a worker
    /// later than the real one: on a busy machine its 5 s are over before all that takes 4 s by the clock is done.
    /// </summary>
    public IReadOnlyList<string> Arguments { get; } =
    [AppFolder, "--port", "0", "--request-drain", "2", "--invocation-drain", "1", "--kill-after", "10"];

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public bool IsBehindProxy => true;

    /// <summary>The workers that live, the newest last: they outlive a host that is killed.</summary>
    public IReadOnlyList<int> ProcessesBehind(StartedProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var lines = program.Output.Text;
        var ended = Numbers(lines, "ended").ToHashSet();
        return [.. Numbers(lines, "started").Where(id => !ended.Contains(id))];
    }

    private static IEnumerable<int> Numbers(string lines, string what) =>
        Workers
            .Matches(lines)
            .Where(match => match.Groups["what"].Value == what)
            .Select(match => int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture));

    private static string Metadata(string key) =>
        typeof(FunctionsApp)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == key)
            .Value!;

    [GeneratedRegex(
        "^worker (?<id>[0-9]+) (?<what>started|ended)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Workers { get; }
}
