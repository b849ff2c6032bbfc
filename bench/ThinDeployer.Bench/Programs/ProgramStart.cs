using System.Diagnostics;

namespace ThinDeployer.Bench.Programs;

/// <summary>How a server is started.</summary>
internal sealed record ProgramStart(string Path, ServerFolder Folder)
{
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Beside what every contestant gets; nothing else is inherited.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    internal ProcessStartInfo ToProcess()
    {
        // The shell becomes the program. Read by us instead, what a server logs would cost the processor that it needs.
        string[] shell = ["-c", """exec "$@" < /dev/null >> "$0" 2>&1""", Folder.LogFile, Path];
        var start = new ProcessStartInfo("/bin/sh", [.. shell, .. Arguments])
        {
            WorkingDirectory = Folder.Path,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        IEnumerable<KeyValuePair<string, string>> variables = [.. Always(), .. Environment];
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private Dictionary<string, string> Always() =>
        new()
        {
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = Folder.Path,
            ["LANG"] = "C.UTF-8",
            ["TZ"] = "UTC",
            ["DOTNET_ROOT"] = System.Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet",
        };
}
