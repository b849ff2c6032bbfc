using System.Globalization;

namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>A process that neither the tests nor the server own any more, such as one that a step left behind.</summary>
/// <param name="Id">Of the process.</param>
public sealed record ForeignProcess(int Id)
{
    /// <summary>Zombies are dead: only their parent has not looked yet.</summary>
    public bool IsAlive => State() is not (null or 'Z' or 'X');

    /// <summary>All that are alive and whose current folder is the given one, or below it.</summary>
    public static IReadOnlyList<ForeignProcess> Below(string folder) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Where(path =>
                    CurrentFolder(path) is { } current
                    && $"{current}/".StartsWith($"{folder}/", StringComparison.Ordinal)
                )
                .Select(path => new ForeignProcess(int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)))
                .Where(process => process.IsAlive),
        ];

    public void Kill() => PosixSignal.Send(Id, PosixSignal.Kill);

    private static string? CurrentFolder(string process)
    {
        try
        {
            return int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out _)
                ? new FileInfo($"{process}/cwd").LinkTarget
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or another user's.
            return null;
        }
    }

    /// <summary>The letter of proc(5); null where there is no such process.</summary>
    private char? State()
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{Id}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
