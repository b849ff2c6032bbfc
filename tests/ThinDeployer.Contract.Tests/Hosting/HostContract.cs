using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>
/// What every contract needs: the server of its class. A contract derives from it, and each host derives from the
/// contract in one line: two levels, because the alternative is this text in every contract.
/// </summary>
public abstract class HostContract<THost>(SharedServer<THost> shared)
    : IClassFixture<SharedServer<THost>>,
        IAsyncLifetime
    where THost : IHostProgram, new()
{
    private RunningServer? _server;

    protected static IReadOnlyDictionary<string, string> NoSettings { get; } = new Dictionary<string, string>();

    /// <summary>See <see cref="IHostProgram.IsBehindProxy"/>.</summary>
    protected static bool IsBehindProxy { get; } = new THost().IsBehindProxy;

    /// <summary>The one of all tests of the class.</summary>
    protected RunningServer Server => _server ?? throw new InvalidOperationException("It has no configuration");

    /// <summary>The text of its configuration file; null where each test starts a server of its own.</summary>
    protected virtual string? Configuration => null;

    /// <summary>Environment variables of the server.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings(Workspace workspace) => NoSettings;

    public async Task InitializeAsync() =>
        _server = Configuration is { } text ? await shared.GetAsync(text, Settings, Prepare) : null;

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Makes what the configuration names, before the server starts.</summary>
    protected virtual void Prepare(Workspace workspace) { }

    /// <summary>A request whose head can be answered: without a body, unless a proxy waits for it.</summary>
    protected static string Announced(string request) => IsBehindProxy ? RawRequest.WithBody(request) : request;

    /// <summary>The rest of a body that can be answered before: nothing, unless a proxy waits for it.</summary>
    protected static string RestOf(string rest) => IsBehindProxy ? rest : "";

    /// <summary>Another server, for one test only.</summary>
    /// <param name="configuration">The text of its file.</param>
    /// <param name="settings">Environment variables of the server.</param>
    /// <param name="before">Shell code that runs before the server does, in its process; null for none.</param>
    protected static Task<RunningServer> StartOwnAsync(
        string configuration,
        IReadOnlyDictionary<string, string>? settings = null,
        string? before = null
    )
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", configuration);
        IHostProgram host = before is null ? new THost() : new WrappedHost(new THost(), before);
        return RunningServer.StartAsync(new ProgramStart(host, workspace) { Settings = settings ?? NoSettings });
    }
}
