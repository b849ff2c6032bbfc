using ThinDeployer.Output;

namespace ThinDeployer.Steps;

/// <summary>
/// The body of the request that asked for a deployment, as a file that only the user of a step may read. It is written
/// when the first step needs it, and gone when the deployment ends. Beside the record, where nobody else may look; for
/// another user as <see cref="LentFile"/>.
/// </summary>
/// <param name="folder">Of all such files; it is made where it is missing.</param>
/// <param name="id">Of the deployment.</param>
/// <param name="write">Writes the body, from where it is kept; false where it is not any more. Null for an empty one.</param>
internal sealed class PayloadFile(string folder, string id, Func<Stream, bool>? write) : IDisposable
{
    /// <summary>Stands for an empty body: a command may read it all the same.</summary>
    private const string Nothing = "/dev/null";

    /// <summary>
    /// Stands for one that could not be written: nothing can ever be there, and who reads it says what happened.
    /// </summary>
    internal const string Unwritten = "/dev/null/the-request-body-could-not-be-written";

    /// <summary>For another user, within a folder.</summary>
    private const string Name = "payload";

    /// <summary>By the entry beside the record; null while it could not be written.</summary>
    private readonly Dictionary<string, string?> _paths = new(StringComparer.Ordinal);

    /// <summary>Whether the request had none.</summary>
    internal bool IsEmpty => write is null;

    /// <summary>The full path of the file for a user; null is the server's own.</summary>
    /// <exception cref="IOException">The disk is full, a folder can't be written, or the body can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file is another user's.</exception>
    internal string PathFor(UserAccount? user)
    {
        if (write is null)
        {
            return Nothing;
        }

        var other = user is { IsServerItself: false } ? user : null;
        var entry = Path.Join(folder, other is null ? id : $"{id}.{other.Name}");
        if (_paths.GetValueOrDefault(entry) is { } path)
        {
            return path;
        }

        _paths[entry] = null;
        return _paths[entry] = Write(write, entry, other);
    }

    public void Dispose()
    {
        foreach (var entry in _paths.Keys)
        {
            LentFile.Remove(entry, Name);
        }

        _paths.Clear();
    }

    /// <summary>Removes what a crash left. Never fails: what can't be removed is readable by its owner only.</summary>
    internal static void RemoveLeftovers(string folder)
    {
        foreach (var entry in LentFile.Leftovers(folder))
        {
            LentFile.Remove(entry, Name);
        }
    }

    private string Write(Func<Stream, bool> write, string entry, UserAccount? other)
    {
        // What an attempt before left.
        LentFile.Remove(entry, Name);
        OwnerFolder.Make(folder);
        var path = other is null ? entry : Path.Join(LentFile.MakeFolder(entry, id), Name);
        using var file = LentFile.Create(path);
        if (!write(file))
        {
            return Nothing;
        }

        other?.Own(file.SafeFileHandle);
        return path;
    }
}
