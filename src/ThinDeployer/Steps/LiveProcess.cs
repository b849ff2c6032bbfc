using System.Globalization;
using System.Text;
using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>A process as <c>/proc</c> shows it (proc(5)).</summary>
/// <param name="Group">Of processes, which are signalled together.</param>
/// <param name="Session">All groups of one terminal, or of one daemon.</param>
/// <param name="IsZombie">It has ended, and its parent has not looked yet: nothing can stop it any more.</param>
/// <param name="StartTime">Clock ticks since boot: with the id, it names one process for good.</param>
internal sealed record LiveProcess(int Id, int ParentId, int Group, int Session, bool IsZombie, ulong StartTime)
{
    private const char Zombie = 'Z';
    private const char Dead = 'X';
    private const char DeadOnOlder = 'x';

    /// <summary>The newest are looked at first: what only forks and exits is gone soon.</summary>
    /// <exception cref="IOException">No descriptor is free to look: then nobody is known to be gone.</exception>
    internal static IEnumerable<LiveProcess> All() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .OrderDescending()
            .Select(Find)
            .OfType<LiveProcess>();

    /// <summary>The id that the system gave last: while it stays the same, nobody forks. 0 where that can't be read.</summary>
    internal static int NewestId()
    {
        try
        {
            return int.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[^1], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Null where there is no such process.</summary>
    internal static LiveProcess? Find(int id)
    {
        try
        {
            // "ID (NAME) STATE PARENT GROUP SESSION …": the name may hold blanks and parentheses, so count from the last one.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new LiveProcess(
                id,
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                int.Parse(fields[2], CultureInfo.InvariantCulture),
                int.Parse(fields[3], CultureInfo.InvariantCulture),
                fields[0][0] is Zombie or Dead or DeadOnOlder,
                ulong.Parse(fields[19], CultureInfo.InvariantCulture)
            );
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException && !OutOfDescriptors.IsCause(exception))
        {
            return null;
        }
    }

    /// <summary>The value of a variable of its environment, as that was at its start; null where there is none.</summary>
    internal string? Variable(string name)
    {
        try
        {
            // Each variable stands between two NULs but the first; one in front of it makes all look alike.
            byte[] environment = [0, .. Environment()];
            var wanted = Encoding.UTF8.GetBytes($"\0{name}=");
            if (environment.AsSpan().IndexOf(wanted) is not (>= 0 and var at))
            {
                return null;
            }

            var value = environment.AsSpan(at + wanted.Length);
            var end = value.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? value : value[..end]);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException && !OutOfDescriptors.IsCause(exception))
        {
            // Gone meanwhile, or another user's: then it is none that we could signal.
            return null;
        }
    }

    /// <summary>Whether it has an open file of this name, such as <c>socket:[1234]</c>.</summary>
    internal bool Holds(string name)
    {
        try
        {
            return Directory
                .EnumerateFileSystemEntries($"/proc/{Id}/fd")
                .Any(path => new FileInfo(path).LinkTarget == name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private byte[] Environment()
    {
        const string file = "environ";
        try
        {
            return File.ReadAllBytes($"/proc/{Id}/{file}");
        }
        catch (UnauthorizedAccessException) when (SystemUser.EffectiveId == 0)
        {
            return BorrowedRights.ReadAsOwner(Id, file);
        }
    }

    /// <summary>False where it is gone; another process that got its id since is left alone.</summary>
    internal bool Signal(int signal) => Find(Id)?.StartTime == StartTime && PosixSignals.Send(Id, signal);
}
