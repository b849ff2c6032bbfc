using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>With what a program is started.</summary>
public sealed record ProgramStart(IHostProgram Host, Workspace Workspace)
{
    /// <summary>Environment variables; they win over those that every start gets.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>After those of the host.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>
    /// The runtime of the tests serves the program too. It is loaded from
    /// <c>ROOT/shared/Microsoft.NETCore.App/VERSION</c>.
    /// </summary>
    internal static string RuntimeRoot { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    internal ProcessStartInfo ToProcess()
    {
        var start = new ProcessStartInfo(Host.Path, [.. Host.Arguments, .. Arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Workspace.Root,
        };
        start.Environment.Clear();
        IEnumerable<KeyValuePair<string, string>> variables = [.. Always(), .. Host.Environment, .. Settings];
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private Dictionary<string, string> Always() =>
        new()
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = Workspace.Home,
            ["LANG"] = "C.UTF-8",
            ["TZ"] = "UTC",
            ["DOTNET_ROOT"] = RuntimeRoot,
            ["THIN_DEPLOYER_CONFIGURATION"] = Workspace.ConfigurationFile,
            ["THIN_DEPLOYER_DATA"] = Workspace.Data,
            // Many tests try wrong tokens, all from one address.
            ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "0",
        };
}
