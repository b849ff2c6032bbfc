namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>A process that a step started, known by its id; whatever the test shows, it is ended with it.</summary>
public sealed class ForeignProcess(int id) : IDisposable
{
    /// <summary>Zombies are dead: only their parent has not looked yet.</summary>
    public bool IsAlive => State() is not (null or 'Z' or 'X');

    public void Dispose() => PosixSignal.Send(id, PosixSignal.Kill);

    /// <summary>The letter of proc(5); null where there is no such process.</summary>
    private char? State()
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
