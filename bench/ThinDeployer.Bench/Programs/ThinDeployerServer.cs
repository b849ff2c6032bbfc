using System.Globalization;
using System.Text.RegularExpressions;

namespace ThinDeployer.Bench.Programs;

/// <summary>
/// This project's server, or its Functions app, a real worker, below the tests' stand-in for the Functions host. All settings
/// are environment variables: the app has no switches, and passes over those that are the server's own.
/// </summary>
internal sealed partial class ThinDeployerServer(string name, string program, params IReadOnlyList<string> arguments)
    : IContestant
{
    public string Name => name;

    public ProgramStart StartIn(ServerFolder folder, int port) =>
        new(program, folder)
        {
            Arguments = arguments,
            Environment = new Dictionary<string, string>
            {
                ["THIN_DEPLOYER_CONFIGURATION"] = folder.Configuration,
                ["THIN_DEPLOYER_DATA"] = folder.Data,
                ["THIN_DEPLOYER_LISTEN"] = "127.0.0.1",
                ["THIN_DEPLOYER_PORT"] = port.ToString(CultureInfo.InvariantCulture),
                ["THIN_DEPLOYER_ADMIN_TOKEN"] = Services.AdminToken,
                ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "0",
                ["THIN_DEPLOYER_SHUTDOWN_GRACE"] = "1s",
            },
        };

    public string PathOf(string service) => $"/deploy/{service}";

    public string LivePath => "/technical/live";

    // The stand-in takes any free port.
    public int? PortIn(string log, int asked) =>
        Listens.Match(log) is { Success: true } match
            ? int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(@"listens on http://127\.0\.0\.1:(?<port>[0-9]+)\s", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Listens { get; }
}
