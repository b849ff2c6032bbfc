using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench;

/// <summary>Who takes part, and the folder in which all that is made for a comparison lies until its end.</summary>
internal sealed class Workbench : IDisposable
{
    private int _names;

    internal Workbench(BenchOptions options)
    {
        Options = options;
        Folder = Path.Combine(options.Work, $"thin-deployer-bench.{Environment.ProcessId}");
        Directory.CreateDirectory(Folder);
        Native = new ThinDeployerServer(OursName, options.GivenBinary ?? ProgramOf("server/thin-deployer"));
        Jit = options.GivenBinary is null
            ? new ThinDeployerServer("the same, JIT", BuiltProgram("src/ThinDeployer.Server", "thin-deployer"))
            : null;
        FunctionsApp = new ThinDeployerServer(
            "Functions app, stand-in host",
            BuiltProgram("tests/ThinDeployer.FunctionsHost", "ThinDeployer.FunctionsHost"),
            [ProgramOf("functions"), "--port", "0"]
        );
    }

    internal const string OursName = "this server, native";

    internal BenchOptions Options { get; }

    internal string Folder { get; }

    internal ThinDeployerServer Native { get; }

    /// <summary>Null where it was not built.</summary>
    internal ThinDeployerServer? Jit { get; }

    internal ThinDeployerServer FunctionsApp { get; }

    internal WebhookServer Webhook { get; } = new();

    /// <summary>All standalone servers; webhook, to which they are compared, is the last.</summary>
    internal IReadOnlyList<IContestant> Servers => Jit is null ? [Native, Webhook] : [Native, Jit, Webhook];

    /// <summary>What a server of .NET could reach, by each way to start a command.</summary>
    internal IReadOnlyList<IContestant> Spikes =>
        [
            new SpikeServer("spike, posix_spawn", ProgramOf("spike/ThinDeployer.Spike"), "spawn"),
            new SpikeServer("spike, CliWrap", ProgramOf("spike/ThinDeployer.Spike"), "cliwrap"),
        ];

    /// <summary>A path in the folder that nobody has yet.</summary>
    internal string NewPath(string name) => Path.Combine(Folder, $"{name}.{++_names}");

    internal ServerFolder NewFolder(IEnumerable<string> services) => ServerFolder.Create(NewPath("server"), services);

    /// <summary>Starts it in a folder of its own, with the standard services.</summary>
    internal Task<RunningServer> StartAsync(IContestant contestant, CancellationToken cancellationToken) =>
        StartAsync(contestant, Services.Standard, cancellationToken);

    /// <summary>Starts it in a folder of its own.</summary>
    internal Task<RunningServer> StartAsync(
        IContestant contestant,
        IEnumerable<string> services,
        CancellationToken cancellationToken
    ) => RunningServer.StartAsync(contestant, NewFolder(services), isOwned: true, cancellationToken);

    /// <summary>Writes a script for wrk.</summary>
    /// <returns>Its path.</returns>
    internal string ScriptFile(string text)
    {
        var path = NewPath("script");
        File.WriteAllText(path, text);
        return path;
    }

    internal string DeployScript() => ScriptFile(LuaScript.Request("POST", Services.Token));

    /// <summary>What the script <c>bench/compare</c> has built.</summary>
    internal string ProgramOf(string name) => Path.Combine(Options.Root, "artifacts", "bench", name);

    public void Dispose() => TemporaryFolder.Remove(Folder);

    private string BuiltProgram(string project, string name) =>
        Path.Combine(Options.Root, project, "bin", "Release", "net10.0", name);
}
