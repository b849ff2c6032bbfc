using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Machines;

/// <summary>A machine of a fleet: the program as an agent, with a workspace of its own.</summary>
/// <param name="name">As the front knows it.</param>
/// <param name="code">To join the front by.</param>
internal sealed class FleetMachine(string name, string code) : IAsyncDisposable
{
    private bool _runs;

    internal string Name => name;

    internal Workspace Workspace { get; } = new();

    /// <summary>Environment variables of its next start.</summary>
    internal Dictionary<string, string> Settings { get; } = [];

    /// <summary>The one that runs, or ran last.</summary>
    internal StartedProgram? Program { get; private set; }

    /// <summary>The code stays in the command, as in a unit that was made once.</summary>
    internal void Start()
    {
        Program = StartedProgram.Start(
            new ProgramStart(new BareServer(), Workspace) { Arguments = ["agent", "--join", code], Settings = Settings }
        );
        _runs = true;
    }

    /// <summary>As a crash does.</summary>
    internal Task KillAsync() => EndAsync(PosixSignal.Kill);

    /// <summary>In peace.</summary>
    internal Task StopAsync() => EndAsync(PosixSignal.Terminate);

    public async ValueTask DisposeAsync()
    {
        if (_runs)
        {
            await Program!.DisposeAsync();
        }

        Workspace.Dispose();
    }

    private async Task EndAsync(int signal)
    {
        _runs = false;
        Program!.Signal(signal);
        await Program.ExitAsync();
        await Program.DisposeAsync();
    }
}
