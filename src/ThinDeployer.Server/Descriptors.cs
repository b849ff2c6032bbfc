using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ThinDeployer.Server;

/// <summary>How many files and sockets this process may have open, and how many of them are left for what comes.</summary>
/// <param name="Limit">The soft one of RLIMIT_NOFILE.</param>
/// <param name="Left">At the start: the runtime keeps some open, and one or two for each assembly that it loads.</param>
internal sealed partial record Descriptors(ulong Limit, long Left)
{
    /// <summary>RLIMIT_NOFILE of Linux.</summary>
    private const int OpenFiles = 7;

    /// <summary>For all that the server may need; what is more would only be inherited by the commands.</summary>
    private const ulong Enough = 65_536;

    /// <summary>For the assemblies that are loaded later; the native binary has none.</summary>
    private const int OfRuntime = 64;

    /// <summary>
    /// Lifts the soft limit towards the hard one: systemd starts a service with 1,024. The runtime does so by itself, but not in a
    /// native binary.
    /// </summary>
    internal static Descriptors Raise()
    {
        if (GetLimit(OpenFiles, out var limits) != 0)
        {
            return new Descriptors(Enough, (long)Enough);
        }

        var raised = limits with { Soft = Math.Max(limits.Soft, Math.Min(limits.Hard, Enough)) };
        var limit = SetLimit(OpenFiles, in raised) == 0 ? raised.Soft : limits.Soft;
        var open = Directory.EnumerateFileSystemEntries("/proc/self/fd").LongCount();
        var later = RuntimeFeature.IsDynamicCodeCompiled ? OfRuntime : 0;
        return new Descriptors(limit, (long)Math.Min(limit, long.MaxValue) - open - later);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limits limits);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limits limits);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limits(ulong Soft, ulong Hard);
}
