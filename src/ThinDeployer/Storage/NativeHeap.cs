using System.Runtime.InteropServices;

namespace ThinDeployer.Storage;

/// <summary>The memory that the C library hands out, which SQLite takes and gives back with each commit.</summary>
internal static partial class NativeHeap
{
    /// <summary>What an end of the heap may hold that nobody uses. Bytes.</summary>
    private const int MostSpare = 2 * 1024 * 1024;

    /// <summary>M_TRIM_THRESHOLD, mallopt(3).</summary>
    private const int TrimThreshold = -1;

    /// <summary>From 128 KiB on, it would be given back to the system at each commit, and asked for at the next.</summary>
    internal static void KeepSpare()
    {
        try
        {
            _ = SetOption(TrimThreshold, MostSpare);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, such as musl, does it in its own way.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
