using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Functions.Tests.Contracts;

namespace ThinDeployer.Functions.Tests.Serving;

/// <summary>Starts the app for one test.</summary>
internal static class FunctionsServer
{
    internal const string HealthToken = "the-health-token-of-these-tests";

    /// <param name="configuration">The text of the file; null for none.</param>
    /// <param name="settings">Beside the health token.</param>
    internal static Task<RunningServer> StartAsync(
        string? configuration,
        params (string Name, string Value)[] settings
    ) => RunningServer.StartAsync(With(configuration, settings));

    /// <summary>With what it is started.</summary>
    internal static ProgramStart With(string? configuration, params (string Name, string Value)[] settings)
    {
        var workspace = new Workspace();
        if (configuration is not null)
        {
            workspace.Write("deployer.yml", configuration);
        }

        (string Name, string Value)[] all = [("HC_TOKEN", HealthToken), .. settings];
        return new ProgramStart(new FunctionsApp(), workspace)
        {
            Settings = all.ToDictionary(setting => setting.Name, setting => setting.Value),
        };
    }

    internal static Task<Contract.Tests.Http.Answer> AskHealthAsync(this RunningServer server) =>
        server.GetAsync("/technical/healthcheck", ("X-Auth-Token", HealthToken));

    /// <summary>Does something that brings another worker, and waits until it can be asked.</summary>
    internal static async Task ReplaceWorkerAsync(this RunningServer server, Action<int> replace)
    {
        var before = server.Program.CoreId;
        replace(before);
        await Eventually.IsTrueAsync(() => server.Program.CoreId != before, "another worker was started");
        await server.IsReadyAsync();
    }

    /// <summary>The data folder may be another worker's for a while.</summary>
    internal static Task IsReadyAsync(this RunningServer server) =>
        Eventually.IsTrueAsync(
            async () => (await server.GetAsync("/technical/ready")).Status,
            204,
            "it accepts deployments"
        );
}
