using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>Starts the program as a client of a server.</summary>
internal static class ClientProgram
{
    internal const int Failed = 1;
    internal const int Refused = 2;
    internal const int NotReached = 3;
    internal const int Skipped = 4;

    /// <summary>Runs one command to its end.</summary>
    internal static Task<ProgramRun> RunAsync(RunningServer server, params string[] arguments) =>
        ProgramRun.ToEndAsync(Start(server.Workspace, server.Address, arguments));

    internal static ProgramStart Start(Workspace workspace, Uri server, params string[] arguments) =>
        new(new BareServer(), workspace)
        {
            Arguments = arguments,
            Settings = new Dictionary<string, string>
            {
                ["THIN_DEPLOYER_SERVER"] = server.ToString(),
                ["THIN_DEPLOYER_TOKEN"] = ServiceYaml.Token,
            },
        };
}
