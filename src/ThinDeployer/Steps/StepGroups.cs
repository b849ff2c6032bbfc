using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ThinDeployer.Steps;

/// <summary>
/// A control group for each step, where the server may make some (cgroup v2): who is in one stays in it, whatever becomes of
/// his parent, his session and his environment, and all are killed at one moment
/// (https://docs.kernel.org/admin-guide/cgroup-v2.html, <c>cgroup.kill</c>).
/// </summary>
/// <remarks>
/// The folders are all that is remembered, so the next start finds those that a crash left. What can't be made or read is
/// done without: <see cref="StepMembers"/> finds nearly everybody.
/// </remarks>
/// <param name="folder">Of the server's own group; null where it may make none.</param>
internal sealed partial class StepGroups(string? folder)
{
    private const string Prefix = "thin-deployer-";
    private const string Members = "cgroup.procs";

    /// <summary>Groups that somebody lives on in, tried again at each end of a step.</summary>
    private const int TriedAgain = 2;

    private readonly ConcurrentQueue<string> _left = new();

    /// <summary>Where this process may make groups; null where it may not.</summary>
    internal static string? Place { get; } = FindPlace();

    /// <summary>Makes the group of a step.</summary>
    /// <returns>Its folder; null where there can be none.</returns>
    internal string? Make(string marker)
    {
        if (folder is null)
        {
            return null;
        }

        var group = Path.Join(folder, Prefix + marker);
        Attempt(() => Directory.CreateDirectory(group));
        return group;
    }

    /// <summary>Before it starts anybody: all that it starts is in its group, too.</summary>
    internal static void Enter(string group, int processId) => Attempt(() => Write(group, Members, processId));

    /// <summary>Who writes "0" into it goes into the group.</summary>
    internal static string MembersFileOf(string group) => Path.Join(group, Members);

    /// <summary>A group goes with the last of it: a daemon may live on.</summary>
    internal void Leave(string marker)
    {
        if (folder is null)
        {
            return;
        }

        _left.Enqueue(Path.Join(folder, Prefix + marker));
        for (var tries = 0; tries <= TriedAgain && _left.TryDequeue(out var group); tries++)
        {
            if (!Remove(group))
            {
                _left.Enqueue(group);
            }
        }
    }

    /// <summary>Removes what earlier runs of the program left, where nobody is in it.</summary>
    internal void RemoveLeftovers()
    {
        foreach (var group in Of(_ => true))
        {
            Remove(group);
        }
    }

    /// <summary>The groups of the steps that are meant.</summary>
    internal IReadOnlyList<string> Of(Func<string, bool> isMeant)
    {
        List<string> groups = [];
        if (folder is not null)
        {
            Attempt(() =>
                groups.AddRange(
                    Directory
                        .EnumerateDirectories(folder, Prefix + "*")
                        .Where(group => isMeant(Path.GetFileName(group)[Prefix.Length..]))
                )
            );
        }

        return groups;
    }

    /// <summary>Process ids.</summary>
    internal static HashSet<int> MembersOf(IEnumerable<string> groups)
    {
        var members = new HashSet<int>();
        foreach (var group in groups)
        {
            Attempt(() =>
                members.UnionWith(
                    File.ReadLines(MembersFileOf(group)).Select(line => int.Parse(line, CultureInfo.InvariantCulture))
                )
            );
        }

        return members;
    }

    /// <summary>All that is in them; nobody forks away. Since Linux 5.14; before, and elsewhere, nothing happens.</summary>
    internal static void Kill(IEnumerable<string> groups)
    {
        foreach (var group in groups)
        {
            Attempt(() => Write(group, "cgroup.kill", 1));
        }
    }

    /// <returns>False where somebody is in it.</returns>
    private static bool Remove(string group)
    {
        try
        {
            Directory.Delete(group);
        }
        catch (DirectoryNotFoundException)
        {
            // It was never made.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        return true;
    }

    private static void Write(string group, string file, int number)
    {
        using var handle = File.OpenHandle(Path.Join(group, file), FileMode.Open, FileAccess.Write);
        RandomAccess.Write(handle, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)), 0);
    }

    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process or the group is gone, or this one has no right to it.
        }
    }

    /// <summary>
    /// Its own group's folder, where it is the root of what this process sees (a container), belongs to the user that it runs as,
    /// or is delegated by systemd (<c>Delegate=</c>, https://systemd.io/CGROUP_DELEGATION/), which else keeps root out of it, too.
    /// </summary>
    private static string? FindPlace()
    {
        try
        {
            const string version2 = "0::";
            var own = File.ReadLines("/proc/self/cgroup")
                .First(line => line.StartsWith(version2, StringComparison.Ordinal))[version2.Length..];

            // "ID PARENT DEVICE ROOT PLACE OPTIONS … - TYPE …" (proc(5)).
            var mount = File.ReadLines("/proc/self/mountinfo")
                .First(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal));
            var folder = Path.Join(mount.Split(' ')[4], own).TrimEnd('/');
            var isOurs = own == "/" || SystemUser.EffectiveId != 0 || IsDelegated(folder);
            return isOurs && CanMake(folder) ? folder : null;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool CanMake(string folder)
    {
        var probe = Path.Join(folder, $"{Prefix}{Environment.ProcessId}");
        Directory.CreateDirectory(probe);
        return Remove(probe);
    }

    /// <summary>Older versions of systemd use the second name.</summary>
    private static bool IsDelegated(string folder) =>
        HasAttribute(folder, "user.delegate") || HasAttribute(folder, "trusted.delegate");

    private static bool HasAttribute(string folder, string name)
    {
        var value = new byte[1];
        return GetAttribute(folder, name, value, value.Length) == 1 && value[0] == (byte)'1';
    }

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(string path, string name, byte[] value, nint size);
}
