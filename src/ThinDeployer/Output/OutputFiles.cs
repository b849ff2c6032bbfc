using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ThinDeployer.Output;

/// <summary>
/// The files of one deployment's output: <c>ID.output</c>, and while a very long one is written, numbered segments behind its
/// first half. A segment that is not the last one is full.
/// </summary>
internal sealed class OutputFiles(OutputStore store, string id)
{
    private const string Extension = ".log";

    internal OutputStore Store => store;

    /// <summary>For as long as the output is short.</summary>
    /// <exception cref="IOException">The disk is full, the folder can't be made anew, or no descriptor is free.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is another user's.</exception>
    internal ShortOutput TakeShort() => store.Short.Take(id);

    private string Whole => Path.Join(store.Folder, id + Extension);

    /// <summary>Bytes; 0 where there is none.</summary>
    internal long WholeLength => File.Exists(Whole) ? new FileInfo(Whole).Length : 0;

    /// <summary>Its owner alone may read it.</summary>
    /// <param name="segment">0 for the first half.</param>
    /// <exception cref="IOException">The disk is full, or the folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file is another user's.</exception>
    internal FileStream Create(int segment) => Create(PathOf(segment), store.Folder);

    /// <summary>Puts back what somebody removed while it was written.</summary>
    /// <exception cref="IOException">The disk is full, or the folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file is another user's.</exception>
    internal void PutBack(FileStream open, int segment)
    {
        if (!File.Exists(PathOf(segment)))
        {
            using var anew = Create(segment);
            open.Position = 0;
            open.CopyTo(anew);
        }
    }

    /// <summary>Opens one, made where there is none, in a folder that is made anew where somebody removed it.</summary>
    internal static FileStream Create(string path, string folder)
    {
        try
        {
            return Open(path);
        }
        catch (DirectoryNotFoundException)
        {
            OwnerFolder.Make(folder);
            return Open(path);
        }
    }

    private static FileStream Open(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
                // What is written has left the program.
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );

    internal void DeleteSegment(int segment) => File.Delete(PathOf(segment));

    /// <summary>All of an output that has ended.</summary>
    /// <param name="head">Bytes before the place where the middle was cut out; null where nothing was.</param>
    internal OutputContent Content(long? head)
    {
        var length = WholeLength;
        if (head is not { } first || first > length || CutAt(first) is not var (cut, line))
        {
            return new OutputContent([new OutputPart.InFile(0, Whole, 0, length)]);
        }

        var tail = first + line;
        return new OutputContent([
            new OutputPart.InFile(0, Whole, 0, first),
            new OutputPart.InFile(first + cut, Whole, tail, length - tail),
        ]);
    }

    /// <summary>All of an output that is being written.</summary>
    /// <param name="lastSegment">The one that is written now; 0 for the first half.</param>
    /// <param name="lastLength">Bytes of that one.</param>
    /// <param name="half">Bytes of each one before it.</param>
    internal OutputContent Content(int lastSegment, long lastLength, long half)
    {
        List<int> segments = [0, .. LastTwo(lastSegment)];
        return new OutputContent([
            .. segments.Select(segment => new OutputPart.InFile(
                segment * half,
                PathOf(segment),
                0,
                segment == lastSegment ? lastLength : half
            )),
        ]);
    }

    /// <summary>As <see cref="Join(int)"/>, for what a crash may have left.</summary>
    internal OutputCut JoinLeftovers()
    {
        try
        {
            return Join(Leftovers());
        }
        catch (Exception exception) when (OutputStore.IsTrouble(exception))
        {
            // The folder can't be looked through.
            return OutputCut.None;
        }
    }

    /// <summary>
    /// Makes one file of all: the first half, a line that says how much was cut out, and the end.
    /// </summary>
    internal OutputCut Join(int lastSegment) => Join(LastTwo(lastSegment));

    private OutputCut Join(List<int> segments)
    {
        if (segments.Count == 0)
        {
            return OutputCut.None;
        }

        try
        {
            var cut = Append(segments);
            foreach (var segment in segments)
            {
                DeleteSegment(segment);
            }

            return cut;
        }
        catch (Exception exception) when (OutputStore.IsTrouble(exception))
        {
            // The disk is full; the segments stay where a reader finds them.
            return OutputCut.None;
        }
    }

    private OutputCut Append(List<int> segments)
    {
        var parts = segments.ConvertAll(segment => new FileStream(
            PathOf(segment),
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite
        ));
        using var whole = new FileStream(Whole, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        try
        {
            var excess = Math.Max(0, parts.Sum(part => part.Length) - whole.Length);
            var cut = ((segments[0] - 1) * parts[0].Length) + excess;
            long? head = null;
            if (cut > 0)
            {
                cut += Utf8Border.TrimEnd(whole) + Skip(parts, excess);
                head = whole.Length;
                whole.Position = whole.Length;
                whole.Write(Encoding.UTF8.GetBytes(OutputContent.CutLine(cut)));
            }

            whole.Position = whole.Length;
            parts.ForEach(part => part.CopyTo(whole));
            return new OutputCut(cut, head);
        }
        finally
        {
            parts.ForEach(part => part.Dispose());
        }
    }

    /// <summary>Moves past the given bytes, and then past what is left of a character.</summary>
    /// <returns>Bytes of that character.</returns>
    private static long Skip(List<FileStream> parts, long bytes)
    {
        foreach (var part in parts)
        {
            var skipped = Math.Min(bytes, part.Length);
            part.Position = skipped;
            bytes -= skipped;
            if (part.Position < part.Length)
            {
                return Utf8Border.SkipPart(part);
            }
        }

        return 0;
    }

    /// <summary>What the line at a place of the file says was cut out, and the bytes of that line.</summary>
    private (long Cut, int Line)? CutAt(long head)
    {
        const int longestLine = 80;
        Span<byte> bytes = stackalloc byte[longestLine];
        var length = new OutputPart.InFile(0, Whole, 0, WholeLength).Read(head, bytes);
        var text = Encoding.UTF8.GetString(bytes[..length]);
        var digits = text.TakeWhile(character => !char.IsAsciiLetter(character)).Where(char.IsAsciiDigit);
        return
            long.TryParse(string.Concat(digits), CultureInfo.InvariantCulture, out var cut)
            && OutputContent.CutLine(cut) is var line
            && text.StartsWith(line, StringComparison.Ordinal)
            ? (cut, Encoding.UTF8.GetByteCount(line))
            : null;
    }

    private string PathOf(int segment) =>
        segment == 0 ? Whole : $"{Whole}.{segment.ToString(CultureInfo.InvariantCulture)}";

    private static List<int> LastTwo(int lastSegment) =>
        lastSegment switch
        {
            0 => [],
            1 => [1],
            _ => [lastSegment - 1, lastSegment],
        };

    /// <summary>Looks through the whole folder.</summary>
    private List<int> Leftovers() =>
        [
            .. Directory
                .EnumerateFiles(store.Folder, $"{id}{Extension}.*")
                .Select(path =>
                    int.TryParse(Path.GetExtension(path).AsSpan(1), CultureInfo.InvariantCulture, out var segment)
                        ? segment
                        : 0
                )
                .Where(segment => segment > 0)
                .Order(),
        ];
}

/// <summary>What was cut out of an output when its files were joined.</summary>
/// <param name="Bytes">0 for nothing.</param>
/// <param name="Head">Bytes before the line that tells of it; null where there is none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OutputCut(long Bytes, long? Head)
{
    internal static OutputCut None => default;
}
