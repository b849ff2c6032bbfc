using System.Runtime.InteropServices;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>Asks the kernel what this process may do, without doing it.</summary>
internal static partial class Access
{
    // Values of Linux, the same on x64 and arm64.
    private const int CurrentFolder = -100;
    private const int ByEffectiveUser = 0x200;
    private const int Execute = 1;
    private const int Write = 2;

    internal static bool MayWriteFile(string path) => May(path, Write);

    /// <summary>Whether files can be made in it.</summary>
    internal static bool MayWriteFolder(string path) => Directory.Exists(path) && May(path, Write | Execute);

    /// <summary>The path itself, or the nearest one above it that exists.</summary>
    internal static string NearestExisting(string wanted)
    {
        var path = wanted;
        while (!Path.Exists(path))
        {
            path = Path.GetDirectoryName(path) ?? "/";
        }

        return path;
    }

    private static bool May(string path, int mode) => Ask(CurrentFolder, path, mode, ByEffectiveUser) == 0;

    [LibraryImport("libc", EntryPoint = "faccessat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(int folder, string path, int mode, int flags);
}
