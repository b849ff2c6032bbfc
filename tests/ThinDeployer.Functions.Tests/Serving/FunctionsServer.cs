using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Functions.Tests.Contracts;

namespace ThinDeployer.Functions.Tests.Serving;

/// <summary>Starts the app for one test.</summary>
internal static class FunctionsServer
{
    internal const string HealthToken = "the-health-token-of-these-tests";

    /// <param name="configuration">The text of the file; null for none.</param>
    /// <param name="settings">Beside the health token.</param>
    internal static Task<RunningServer> StartAsync(string? configuration, params (string Name, string Value)[] settings)
    {
        var workspace = new Workspace();
        if (configuration is not null)
        {
            workspace.Write("deployer.yml", configuration);
        }

        (string Name, string Value)[] all = [("HC_TOKEN", HealthToken), .. settings];
        return RunningServer.StartAsync(
            new ProgramStart(new FunctionsHost(), workspace)
            {
                Settings = all.ToDictionary(setting => setting.Name, setting => setting.Value),
            }
        );
    }

    internal static Task<Contract.Tests.Http.Answer> AskHealthAsync(this RunningServer server) =>
        server.GetAsync("/technical/healthcheck", ("X-Auth-Token", HealthToken));
}
