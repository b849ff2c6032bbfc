using System.Runtime.InteropServices;

namespace ThinDeployer.Storage;

/// <summary>The files of output, <c>ID.log</c>, and what may stand beside one, <c>ID.log.*</c>.</summary>
/// <remarks>A file that can't be removed is left; the next start tries again.</remarks>
internal sealed class StoredOutputs(string folder)
{
    private const string Extension = ".log";

    /// <summary>
    /// What stands beside one is rare, and finding it means reading the whole folder, so it is looked for once for so
    /// many deployments that were forgotten.
    /// </summary>
    internal const int ForgottenBeforeLook = 100;

    private readonly Lock _lock = new();
    private HashSet<string> _forgotten = new(StringComparer.Ordinal);

    /// <summary>How many hold the output of an id.</summary>
    private readonly Dictionary<string, int> _holders = new(StringComparer.Ordinal);

    /// <summary>Forgotten, but held.</summary>
    private readonly HashSet<string> _heldBack = new(StringComparer.Ordinal);

    /// <summary>The output stays until what comes back is disposed of.</summary>
    internal IDisposable Hold(string id)
    {
        lock (_lock)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_holders, id, out _)++;
        }

        return new Holder(this, id);
    }

    internal void Remove(IReadOnlyCollection<string> ids)
    {
        foreach (var id in ids.Where(id => !TryHoldBack(id)))
        {
            Delete(PathOf(id));
        }

        RemoveSiblings(least: ForgottenBeforeLook);
    }

    /// <summary>Removes what stands beside the files that were removed.</summary>
    internal void RemoveSiblings() => RemoveSiblings(least: 1);

    /// <summary>Removes the files of those deployments that are not known. Files with other names stay.</summary>
    internal void RemoveOrphans(Func<string, bool> isKnown) => RemoveWhere(id => !isKnown(id));

    private void Release(string id)
    {
        lock (_lock)
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(_holders, id) > 0)
            {
                return;
            }

            _holders.Remove(id);
            if (!_heldBack.Remove(id))
            {
                return;
            }

            _forgotten.Add(id);
        }

        Delete(PathOf(id));
    }

    /// <summary>True where someone holds it; it is forgotten else.</summary>
    private bool TryHoldBack(string id)
    {
        lock (_lock)
        {
            var isHeld = _holders.ContainsKey(id);
            (isHeld ? _heldBack : _forgotten).Add(id);
            return isHeld;
        }
    }

    /// <summary>Does nothing where fewer files were removed since.</summary>
    private void RemoveSiblings(int least)
    {
        HashSet<string> forgotten;
        lock (_lock)
        {
            if (_forgotten.Count < least)
            {
                return;
            }

            forgotten = _forgotten;
            _forgotten = new HashSet<string>(StringComparer.Ordinal);
        }

        RemoveWhere(forgotten.Contains);
    }

    private string PathOf(string id) => Path.Combine(folder, id + Extension);

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

    private sealed class Holder(StoredOutputs logs, string id) : IDisposable
    {
        private StoredOutputs? _logs = logs;

        public void Dispose() => Interlocked.Exchange(ref _logs, null)?.Release(id);
    }
}
