using System.Globalization;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>
/// What a process and all that it starts may not do, as the kernel says it of that process (proc(5)): a unit of systemd or a container
/// took it away, and a shell beside it knows nothing of that.
/// </summary>
internal sealed class Confinement
{
    /// <summary>Numbers of capabilities(7).</summary>
    private const int SetGroup = 6;
    private const int SetUser = 7;

    private readonly IReadOnlyList<Mount> _mounts;
    private readonly ulong _bounding;
    private readonly ulong _effective;

    private Confinement(Dictionary<string, string> status, IReadOnlyList<Mount> mounts, bool hasOwnUsers, uint userId)
    {
        _mounts = mounts;
        _bounding = Bits(status.GetValueOrDefault("CapBnd"));
        _effective = Bits(status.GetValueOrDefault("CapEff"));
        GainsNothing = status.GetValueOrDefault("NoNewPrivs") is "1";
        HasFilteredCalls = status.GetValueOrDefault("Seccomp") is "2";
        HasOwnUsers = hasOwnUsers;
        UserId = userId;
    }

    /// <summary>Setuid programs are ordinary ones.</summary>
    internal bool GainsNothing { get; }

    /// <summary>Which calls are filtered, the kernel does not tell.</summary>
    internal bool HasFilteredCalls { get; }

    /// <summary>Its users are not those of the machine.</summary>
    internal bool HasOwnUsers { get; }

    internal uint UserId { get; }

    /// <summary>Whether a program can become another user, if it is root.</summary>
    internal bool MayBecomeAnother => Has(_bounding, SetUser) && Has(_bounding, SetGroup);

    /// <summary>Whether the process itself can.</summary>
    internal bool CanBecomeAnother => Has(_effective, SetUser) && Has(_effective, SetGroup);

    /// <summary>Null where the process is gone, or may not be looked at.</summary>
    /// <param name="process">Its number, or <c>self</c>.</param>
    internal static Confinement? Of(string process)
    {
        try
        {
            var status = File.ReadLines($"/proc/{process}/status")
                .Select(line => line.Split(':', 2))
                .Where(parts => parts.Length == 2)
                .ToDictionary(parts => parts[0], parts => parts[1].Trim(), StringComparer.Ordinal);
            var mounts = File.ReadLines($"/proc/{process}/mountinfo").Select(Mount.Of).OfType<Mount>().ToList();
            var users = File.ReadAllText($"/proc/{process}/uid_map").Split(default(char[]), RemoveEmpty);
            var effective = status.GetValueOrDefault("Uid")?.Split('\t').ElementAtOrDefault(1);
            return uint.TryParse(effective, CultureInfo.InvariantCulture, out var userId)
                ? new Confinement(status, mounts, users is not ["0", "0", "4294967295"], userId)
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether nothing can be written there, not even by root.</summary>
    /// <param name="path">A full path.</param>
    internal bool IsReadOnly(string path) => MountOf(path) is { IsReadOnly: true };

    /// <summary>What there is to see of it, for a reader.</summary>
    internal IReadOnlyList<string> Told()
    {
        var readOnly = ((string[])["/usr", "/etc", "/boot"]).Where(path => Path.Exists(path) && IsReadOnly(path));
        var hidden = ((string[])["/home", "/root"]).Where(IsHidden);
        return
        [
            .. GainsNothing ? new[] { "no new privileges" } : [],
            .. MayBecomeAnother ? [] : new[] { "nobody becomes another user" },
            .. HasOwnUsers ? new[] { "users of its own" } : [],
            .. HasFilteredCalls ? new[] { "system calls filtered (which, can't be seen)" } : [],
            .. readOnly.Select(path => $"{path} read-only"),
            .. hidden.Select(path => $"{path} hidden"),
            .. MountOf("/tmp") is { IsPrivate: true } ? new[] { "/tmp its own" } : [],
        ];
    }

    private const StringSplitOptions RemoveEmpty = StringSplitOptions.RemoveEmptyEntries;

    private bool IsHidden(string path) => _mounts.LastOrDefault(mount => mount.Point == path) is { IsHidden: true };

    /// <summary>The last one that holds the path: it covers those before.</summary>
    private Mount? MountOf(string path) =>
        _mounts
            .Where(mount => mount.Holds(path))
            .Aggregate(
                (Mount?)null,
                (best, mount) => best is null || mount.Point.Length >= best.Point.Length ? mount : best
            );

    private static bool Has(ulong capabilities, int one) => (capabilities & (1UL << one)) != 0;

    private static ulong Bits(string? hexadecimal) =>
        ulong.TryParse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits) ? bits : ~0UL;

    /// <summary>A line of <c>mountinfo</c> (proc_pid_mountinfo(5)).</summary>
    /// <param name="Root">What of the file system is mounted.</param>
    /// <param name="Point">Where.</param>
    private sealed record Mount(string Root, string Point, bool IsReadOnly, string Type)
    {
        internal bool IsPrivate => Root.Contains("/systemd-private-", StringComparison.Ordinal);

        /// <summary>What systemd puts in place of a folder: an empty one, or one that nobody may enter.</summary>
        internal bool IsHidden => Root.Contains("/systemd/inaccessible/", StringComparison.Ordinal) || Type is "tmpfs";

        internal static Mount? Of(string line)
        {
            var parts = line.Split(' ');
            var dash = Array.IndexOf(parts, "-");
            return parts.Length > 6 && dash > 0 && dash + 3 < parts.Length
                ? new Mount(
                    parts[3],
                    Unescaped(parts[4]),
                    parts[5].Split(',').Contains("ro") || parts[dash + 3].Split(',').Contains("ro"),
                    parts[dash + 1]
                )
                : null;
        }

        /// <summary>Blanks and their like stand there in octal.</summary>
        private static string Unescaped(string point) =>
            point
                .Replace(@"\040", " ", StringComparison.Ordinal)
                .Replace(@"\011", "\t", StringComparison.Ordinal)
                .Replace(@"\012", "\n", StringComparison.Ordinal)
                .Replace(@"\134", @"\", StringComparison.Ordinal);

        internal bool Holds(string path) =>
            Point == "/" || path == Point || path.StartsWith(Point + "/", StringComparison.Ordinal);
    }
}
