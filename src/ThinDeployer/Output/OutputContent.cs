using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ThinDeployer.Output;

/// <summary>
/// Where the bytes of an output are. A position counts all bytes ever written; between two parts that do not meet, the middle
/// was cut out.
/// </summary>
/// <param name="Parts">In order.</param>
internal sealed record OutputContent(IReadOnlyList<OutputPart> Parts)
{
    internal static OutputContent Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    internal static OutputContent Of(ReadOnlyMemory<byte> bytes) => new([new OutputPart.InMemory(0, bytes)]);

    /// <summary>The position behind the last byte.</summary>
    internal long End => Parts.Count > 0 ? Parts[^1].End : 0;

    /// <summary>The first part that has bytes at a position or behind it; null at the end.</summary>
    internal OutputPart? From(long position) => Parts.FirstOrDefault(part => part.End > position);

    /// <summary>The line that tells of what was cut out.</summary>
    internal static string CutLine(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"\n[… {bytes} bytes of output left out here …]\n");

    /// <summary>As a reader sees it who does not follow: without gaps, with a line in place of each.</summary>
    internal OutputContent Joined()
    {
        var joined = new List<OutputPart>();
        var position = 0L;
        var end = 0L;
        foreach (var part in Parts)
        {
            if (part.Start > position)
            {
                Add(new OutputPart.InMemory(end, Encoding.UTF8.GetBytes(CutLine(part.Start - position))));
            }

            Add(part with { Start = end });
            position = part.End;
        }

        return new OutputContent(joined);

        void Add(OutputPart part)
        {
            joined.Add(part);
            end = part.End;
        }
    }
}

/// <summary>Some bytes of an output that follow each other.</summary>
/// <param name="Start">The position of the first.</param>
internal abstract record OutputPart(long Start)
{
    internal abstract long Length { get; }

    internal long End => Start + Length;

    /// <summary>For one who reads piece by piece; null where there is no file, or none any longer.</summary>
    internal virtual SafeFileHandle? Open() => null;

    /// <summary>Reads at a position within the part.</summary>
    /// <param name="file">From <see cref="Open"/>.</param>
    /// <param name="position">Of the first byte.</param>
    /// <param name="into">Where they go.</param>
    /// <returns>How many bytes; 0 where the file is gone.</returns>
    internal abstract int Read(SafeFileHandle? file, long position, Span<byte> into);

    /// <summary>Reads at a position within the part, once; 0 bytes where the file is gone.</summary>
    internal int Read(long position, Span<byte> into)
    {
        using var file = Open();
        return Read(file, position, into);
    }

    internal sealed record InMemory(long Start, ReadOnlyMemory<byte> Bytes) : OutputPart(Start)
    {
        internal override long Length => Bytes.Length;

        internal override int Read(SafeFileHandle? file, long position, Span<byte> into)
        {
            var rest = Bytes.Span[(int)(position - Start)..];
            var count = Math.Min(rest.Length, into.Length);
            rest[..count].CopyTo(into);
            return count;
        }
    }

    /// <param name="Start">As for every part.</param>
    /// <param name="Path">The file.</param>
    /// <param name="Offset">Where in the file the part begins.</param>
    /// <param name="Bytes">How many belong to the part.</param>
    internal sealed record InFile(long Start, string Path, long Offset, long Bytes) : OutputPart(Start)
    {
        internal override long Length => Bytes;

        internal override SafeFileHandle? Open()
        {
            try
            {
                return File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }

        internal override int Read(SafeFileHandle? file, long position, Span<byte> into)
        {
            var count = (int)Math.Min(into.Length, End - position);
            try
            {
                return file is null ? 0 : RandomAccess.Read(file, into[..count], Offset + position - Start);
            }
            catch (IOException)
            {
                return 0;
            }
        }
    }
}
