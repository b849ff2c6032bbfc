namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>One server for all tests of a class; the class says with which configuration.</summary>
public sealed class SharedServer<THost> : IAsyncLifetime
    where THost : IHostProgram, new()
{
    private RunningServer? _server;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Starts it the first time. The tests of a class come one after the other.</summary>
    internal async Task<RunningServer> GetAsync(
        string configuration,
        Func<Workspace, IReadOnlyDictionary<string, string>> settings,
        Action<Workspace> prepare
    )
    {
        if (_server is not null)
        {
            return _server;
        }

        var workspace = new Workspace();
        workspace.Write("deployer.yml", configuration);
        prepare(workspace);
        return _server = await RunningServer.StartAsync(
            new ProgramStart(new THost(), workspace) { Settings = settings(workspace) }
        );
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
