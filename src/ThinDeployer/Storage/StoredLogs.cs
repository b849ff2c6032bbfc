namespace ThinDeployer.Storage;

/// <summary>The log files of deployments, <c>ID.log</c>, and what may stand beside one, <c>ID.log.*</c>.</summary>
/// <remarks>A file that can't be removed is left; the next start tries again. Not for use by two threads at once.</remarks>
internal sealed class StoredLogs(string folder)
{
    private const string Extension = ".log";

    /// <summary>
    /// What stands beside a log is rare, and finding it means reading the whole folder, so it is looked for once for so
    /// many deployments that were forgotten.
    /// </summary>
    internal const int ForgottenBeforeLook = 100;

    private readonly HashSet<string> _forgotten = new(StringComparer.Ordinal);

    internal void Remove(IReadOnlyCollection<string> ids)
    {
        foreach (var id in ids)
        {
            Delete(Path.Combine(folder, id + Extension));
        }

        _forgotten.UnionWith(ids);
        if (_forgotten.Count >= ForgottenBeforeLook)
        {
            RemoveSiblings();
        }
    }

    /// <summary>Removes what stands beside the logs that were removed.</summary>
    internal void RemoveSiblings()
    {
        if (_forgotten.Count > 0)
        {
            RemoveWhere(_forgotten.Contains);
            _forgotten.Clear();
        }
    }

    /// <summary>Removes the files of those deployments that are not known. Files with other names stay.</summary>
    internal void RemoveOrphans(Func<string, bool> isKnown) => RemoveWhere(id => !isKnown(id));

    private void RemoveWhere(Predicate<string> isWanted)
    {
        var pattern = $"*{Extension}*";
        Try(() =>
        {
            foreach (var path in Directory.EnumerateFiles(folder, pattern))
            {
                if (IdOf(Path.GetFileName(path)) is { } id && isWanted(id))
                {
                    Delete(path);
                }
            }
        });
    }

    /// <summary>Null for a file that is not ours.</summary>
    private static string? IdOf(string name)
    {
        var end = name.IndexOf('.');
        var isOurs =
            end > 0
            && Guid.TryParseExact(name[..end], "D", out _)
            && (name[end..] == Extension || name[end..].StartsWith(Extension + ".", StringComparison.Ordinal));
        return isOurs ? name[..end] : null;
    }

    private static void Delete(string path) => Try(() => File.Delete(path));

    private static void Try(Action remove)
    {
        try
        {
            remove();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The record itself is right without it.
        }
    }
}
