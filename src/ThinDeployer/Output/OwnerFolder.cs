namespace ThinDeployer.Output;

/// <summary>Folders within the data folder, for the server's user alone.</summary>
internal static class OwnerFolder
{
    internal const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes one, also where somebody removed it; never what it stands in, which may be about to come back.</summary>
    /// <exception cref="DirectoryNotFoundException">What it stands in is gone.</exception>
    /// <exception cref="IOException">There is something else of this name, or no room.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    internal static void Make(string path)
    {
        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new DirectoryNotFoundException("The folder in which it should be made is missing.");
        }

        Directory.CreateDirectory(path, Mode);
    }
}
