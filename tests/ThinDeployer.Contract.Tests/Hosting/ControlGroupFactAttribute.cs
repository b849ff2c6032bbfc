namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>A test that needs a server which may make control groups: as root, in the group at the top of what it sees.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ControlGroupFactAttribute : FactAttribute
{
    /// <summary>A process without a parent, a session, a group or a variable that leads to its step.</summary>
    internal const string Hide =
        "rm -f hidden; (env -i setsid sh -c 'echo $$ > hidden; exec sleep 600' &); until [ -s hidden ]; do sleep 0.02; done; ";

    public ControlGroupFactAttribute()
    {
        if (Folder is null)
        {
            Skip = "No control groups (cgroup v2) can be made here.";
        }
    }

    /// <summary>Where the server makes them; null where it can't.</summary>
    internal static string? Folder { get; } =
        Environment.UserName == "root" && File.ReadLines("/proc/self/cgroup").Contains("0::/")
            ? File.ReadLines("/proc/self/mountinfo")
                .Where(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal))
                .Select(line => line.Split(' '))
                .FirstOrDefault(line => line[5].StartsWith("rw", StringComparison.Ordinal))
                ?[4]
            : null;
}
