using System.Globalization;
using System.Runtime.InteropServices;

namespace ThinDeployer.Steps;

/// <summary>
/// Reads what the owner of a process may read of it and root may not: in most containers root lacks CAP_SYS_PTRACE, and
/// with it the environments of other users' processes (ptrace(2), "access mode checking").
/// </summary>
internal static partial class BorrowedRights
{
    /// <exception cref="IOException">The process is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">Its owner may not read that either.</exception>
    internal static byte[] ReadAsOwner(int processId, string file)
    {
        var folder = $"/proc/{processId}";
        var status = File.ReadAllLines($"{folder}/status");
        var group = SetGroup(EffectiveId(status, "Gid:"));
        var user = SetUser(EffectiveId(status, "Uid:"));
        try
        {
            // These identities are the thread's alone (setfsuid(2)): nothing here may await.
            return File.ReadAllBytes($"{folder}/{file}");
        }
        finally
        {
            _ = SetUser(user);
            _ = SetGroup(group);
        }
    }

    /// <summary>"Uid: REAL EFFECTIVE SAVED FILES", by tabs (proc(5)).</summary>
    private static uint EffectiveId(string[] status, string name) =>
        uint.Parse(
            status.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split('\t')[2],
            CultureInfo.InvariantCulture
        );

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial uint SetUser(uint id);

    [LibraryImport("libc", EntryPoint = "setfsgid")]
    private static partial uint SetGroup(uint id);
}
