using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ThinDeployer.Deployments;

/// <summary>
/// The files of one deployment's log: <c>ID.log</c>, and while a very long one is written, numbered segments behind its
/// first half. A segment that is not the last one is full.
/// </summary>
internal sealed class LogFiles(string folder, string id)
{
    private const string Extension = ".log";

    private string Whole => Path.Join(folder, id + Extension);

    /// <summary>Bytes; 0 where there is none.</summary>
    internal long WholeLength => File.Exists(Whole) ? new FileInfo(Whole).Length : 0;

    /// <param name="segment">0 for the first half.</param>
    /// <exception cref="IOException">The disk is full, or the folder can't be written.</exception>
    internal SafeFileHandle Create(int segment) =>
        File.OpenHandle(
            PathOf(segment),
            FileMode.OpenOrCreate,
            FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete
        );

    internal void DeleteSegment(int segment) => File.Delete(PathOf(segment));

    /// <summary>All of a log that has ended.</summary>
    internal LogContent Content() => new LogContent.InFiles([Whole]);

    /// <summary>All of a log that is being written.</summary>
    /// <param name="lastSegment">The one that is written now; 0 for the first half.</param>
    internal LogContent Content(int lastSegment) =>
        new LogContent.InFiles([Whole, .. LastTwo(lastSegment).Select(PathOf)]);

    /// <summary>As <see cref="Join(int)"/>, for what a crash may have left.</summary>
    internal long JoinLeftovers() => Join(Leftovers());

    /// <summary>
    /// Makes one file of all: the first half, a line that says how much was cut out, and the end.
    /// </summary>
    /// <returns>Bytes that were cut out.</returns>
    internal long Join(int lastSegment) => Join(LastTwo(lastSegment));

    private long Join(List<int> segments)
    {
        if (segments.Count == 0)
        {
            return 0;
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
        catch (IOException)
        {
            // The disk is full; the segments stay where a reader finds them.
            return 0;
        }
    }

    private long Append(List<int> segments)
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
            if (cut > 0)
            {
                cut += Utf8Border.TrimEnd(whole) + Skip(parts, excess);
                var number = cut.ToString(CultureInfo.InvariantCulture);
                whole.Position = whole.Length;
                whole.Write(Encoding.UTF8.GetBytes($"\n[… {number} bytes of output left out here …]\n"));
            }

            whole.Position = whole.Length;
            parts.ForEach(part => part.CopyTo(whole));
            return cut;
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
                .EnumerateFiles(folder, $"{id}{Extension}.*")
                .Select(path =>
                    int.TryParse(Path.GetExtension(path).AsSpan(1), CultureInfo.InvariantCulture, out var segment)
                        ? segment
                        : 0
                )
                .Where(segment => segment > 0)
                .Order(),
        ];
}
