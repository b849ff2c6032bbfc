namespace ThinDeployer.Deployments;

/// <summary>
/// The body of the request that asked for a deployment, as a file that only the user of a step may read. It is written
/// when the first step needs it, and gone when the deployment ends.
/// </summary>
/// <param name="id">Of the deployment.</param>
/// <param name="write">Writes the body, from where it is kept; false where it is not any more. Null for an empty one.</param>
internal sealed class PayloadFile(string id, Func<Stream, bool>? write) : IDisposable
{
    /// <summary>Stands for an empty body: a command may read it all the same.</summary>
    private const string Nothing = "/dev/null";

    /// <summary>
    /// Stands for one that could not be written: nothing can ever be there, and who reads it says what happened.
    /// </summary>
    internal const string Unwritten = "/dev/null/the-request-body-could-not-be-written";

    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Others may pass to their own file, and not look round.</summary>
    private const UnixFileMode ForPassing =
        ForOwner | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
    private DirectoryInfo? _folder;

    /// <summary>The full path of the file for a user; null is the server's own.</summary>
    /// <exception cref="IOException">The disk is full, or the temporary folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    /// <exception cref="RecordUnavailableException">The body can't be read.</exception>
    internal string PathFor(UserAccount? user)
    {
        var name = user?.Name ?? "";
        return _paths.TryGetValue(name, out var path) ? path : _paths[name] = Write(user);
    }

    public void Dispose()
    {
        _paths.Clear();
        if (_folder is not null)
        {
            Remove(_folder.FullName);
            _folder = null;
        }
    }

    /// <summary>Removes what a crash left of a deployment.</summary>
    internal static void RemoveLeftovers(string id)
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), PrefixOf(id) + "*"))
        {
            Remove(folder);
        }
    }

    private static string PrefixOf(string id) => $"thin-deployer-{id}-";

    private string Write(UserAccount? user)
    {
        if (write is null)
        {
            return Nothing;
        }

        _folder ??= MakeFolder();
        var path = Path.Join(_folder.FullName, "payload" + (user is null ? "" : "." + user.Name));
        using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                BufferSize = 0,
                UnixCreateMode = ForOwner,
            }
        );
        if (!write(file))
        {
            return Nothing;
        }

        user?.Own(file.SafeFileHandle);
        return path;
    }

    private DirectoryInfo MakeFolder()
    {
        // Made by mkdtemp(3): nobody can have put a link in its place.
        var folder = Directory.CreateTempSubdirectory(PrefixOf(id));
        File.SetUnixFileMode(folder.FullName, ForPassing);
        return folder;
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Left for whoever cleans the temporary folder; it is readable by its owner only.
        }
    }
}
