using ThinDeployer.Output;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>
/// Where the steps of a deployment may write what it is to be remembered by. For steps of the server's own user there is a
/// path beside the record and no file, until a step makes one; for another user there is one as <see cref="LentFile"/>. All
/// are gone when the deployment ends.
/// </summary>
/// <param name="folder">Of all such files; it is made where it is missing.</param>
/// <param name="id">Of the deployment.</param>
internal sealed class SummaryFile(string folder, string id)
{
    /// <summary>Stands for one that could not be made: who writes it is told.</summary>
    private const string Unmade = "/dev/null/the-summary-file-could-not-be-made";

    /// <summary>For another user, within a folder.</summary>
    private const string Name = "summary";

    /// <summary>What an entry for another user has in its name, and an id does not.</summary>
    private const char BeforeUser = '.';

    /// <summary>By the entry beside the record, in the order of first use; null while it could not be made.</summary>
    private readonly OrderedDictionary<string, string?> _paths = new(StringComparer.Ordinal);

    /// <summary>The full path of the file for a user; null is the server's own.</summary>
    /// <exception cref="IOException">No descriptor is free; whatever else is wrong is told by who writes the file.</exception>
    internal string PathFor(UserAccount? user)
    {
        var other = user is { IsServerItself: false } ? user : null;
        var entry = Path.Join(folder, other is null ? id : $"{id}{BeforeUser}{other.Name}");
        if (_paths.GetValueOrDefault(entry) is { } path)
        {
            return path;
        }

        _paths[entry] = null;
        try
        {
            return _paths[entry] = Make(entry, other);
        }
        catch (Exception exception) when (OutputStore.IsTrouble(exception) && !OutOfDescriptors.IsCause(exception))
        {
            return Unmade;
        }
    }

    /// <summary>What the steps wrote, as people may see it, and removes it; null where they wrote nothing.</summary>
    internal string? Take(SecretMask secrets)
    {
        var text = SummaryText.Of(_paths.Values.OfType<string>(), secrets);
        foreach (var entry in _paths.Keys)
        {
            Remove(entry);
        }

        _paths.Clear();
        return text;
    }

    /// <summary>Removes what a crash left. Never fails.</summary>
    internal static void RemoveLeftovers(string folder)
    {
        foreach (var entry in LentFile.Leftovers(folder))
        {
            Remove(entry);
        }
    }

    /// <summary>As <see cref="RemoveLeftovers"/>, of one deployment, whose steps may have gone on until now.</summary>
    internal static void RemoveLeftover(string folder, string id) => Remove(Path.Join(folder, id));

    private string Make(string entry, UserAccount? other)
    {
        if (!Directory.Exists(folder))
        {
            OwnerFolder.Make(folder);
        }

        if (other is null)
        {
            return entry;
        }

        // What an attempt before left.
        Remove(entry);
        var path = Path.Join(LentFile.MakeFolder(entry, id), Name);
        using var file = LentFile.Create(path);
        other.Own(file.SafeFileHandle);
        return path;
    }

    /// <summary>Links are followed where they are ours only: a step may have put anything in place of its file.</summary>
    private static void Remove(string entry)
    {
        if (Path.GetFileName(entry.AsSpan()).Contains(BeforeUser))
        {
            LentFile.Remove(entry, Name);
            return;
        }

        try
        {
            if (new DirectoryInfo(entry) is { Exists: true, LinkTarget: null } made)
            {
                made.Delete(recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start tries again.
        }
    }
}
