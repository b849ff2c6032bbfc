using System.Runtime.InteropServices;

namespace ThinDeployer.Output;

/// <summary>The folder of the deployments' outputs, and whether output can be stored there now.</summary>
/// <param name="folder">Its parent is there.</param>
internal sealed class OutputStore(string folder, TimeProvider time)
{
    /// <summary>As much as a short output needs. Bytes.</summary>
    private const int ProbeBytes = 4096;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private string? _trouble;
    private Func<bool>? _mayOpen;
    private long _lookedAt;

    internal string Folder => folder;

    /// <summary>For outputs that are short as yet.</summary>
    internal ShortOutputs Short { get; } = new(folder);

    /// <summary>Whether what room there is, is needed for the record: no output may take it.</summary>
    internal bool IsShut => Volatile.Read(ref _mayOpen) is not null;

    /// <summary>
    /// Whether a file can't be written or read. Beyond a limit of its size (EFBIG), .NET says that an argument is out of range.
    /// </summary>
    internal static bool IsTrouble(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    /// <summary>What went wrong, as the end of a sentence, without a path.</summary>
    internal static string ReasonOf(Exception exception) =>
        exception switch
        {
            UnauthorizedAccessException => "permission denied",
            ArgumentOutOfRangeException => "the file would be too large",
            DirectoryNotFoundException or FileNotFoundException => "the folder is missing",
            // On Linux it is the system's own number, unless .NET has an exception of its own for it.
            { HResult: > 0 and var number } => Marshal.GetPInvokeErrorMessage(number),
            _ => "it can't be written",
        };

    /// <summary>Told by an output that could not be written.</summary>
    internal void Failed(string reason)
    {
        lock (_lock)
        {
            _trouble ??= Sentence(reason);
        }
    }

    /// <summary>Takes no output until there is room for more than the record.</summary>
    /// <param name="mayOpen">Asked now and then.</param>
    internal void Shut(Func<bool> mayOpen)
    {
        lock (_lock)
        {
            _mayOpen = mayOpen;
            _trouble = Sentence("the disk is full");
        }
    }

    /// <summary>Why output can't be stored, as a sentence; null where it can. Where it could not, it is tried again.</summary>
    internal string? Trouble()
    {
        lock (_lock)
        {
            return _trouble is null ? null : Look();
        }
    }

    /// <summary>Why output can't be stored, for anybody who asks: tried again at most once a second.</summary>
    internal string? SeenTrouble()
    {
        lock (_lock)
        {
            return _trouble is not null && time.GetElapsedTime(_lookedAt) >= LookAgain ? Look() : _trouble;
        }
    }

    /// <summary>Tries it, whatever was before.</summary>
    internal string? Try()
    {
        lock (_lock)
        {
            return Look();
        }
    }

    private string? Look()
    {
        _lookedAt = time.GetTimestamp();
        if (_mayOpen is { } mayOpen && !mayOpen())
        {
            return _trouble;
        }

        _mayOpen = null;
        try
        {
            OwnerFolder.Make(folder);
            var probe = Path.Join(folder, ".probe");
            File.WriteAllBytes(probe, new byte[ProbeBytes]);
            File.Delete(probe);
            _trouble = null;
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            _trouble = Sentence(ReasonOf(exception));
        }

        return _trouble;
    }

    private string Sentence(string reason) => $"Output can't be stored in {folder}: {reason}";
}
