using System.Runtime.InteropServices;

namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>Changes how many files a running process may have open; those that it has stay open.</summary>
internal static partial class Descriptors
{
    private const int OpenFiles = 7;

    /// <param name="processId">Whose.</param>
    /// <param name="most">The soft limit; the hard one stays.</param>
    internal static void Limit(int processId, ulong most)
    {
        var limits = default(Limits);
        _ = ChangeLimit(processId, OpenFiles, nint.Zero, ref limits);
        limits.Soft = most;
        if (ChangeLimit(processId, OpenFiles, ref limits, nint.Zero) != 0)
        {
            throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int ChangeLimit(int processId, int resource, nint none, ref Limits old);

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int ChangeLimit(int processId, int resource, ref Limits wanted, nint none);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        internal ulong Soft;
        internal ulong Hard;
    }
}
