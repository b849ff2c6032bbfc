using System.Buffers;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;

namespace ThinDeployer.Yaml;

internal abstract record TextFileResult
{
    private TextFileResult() { }

    /// <summary>The text is without its byte order mark.</summary>
    internal sealed record Content(string Text) : TextFileResult
    {
        // The text may hold secrets.
        public override string ToString() => nameof(Content);
    }

    /// <summary>The reason is a part of a sentence, such as "the file is missing".</summary>
    internal sealed record Refused(string Reason, int Line = 1, int Column = 1) : TextFileResult;
}

/// <summary>Reads a small text file of an operator, whatever the path turns out to be. Never blocks; throws only where no descriptor is free.</summary>
internal static class TextFile
{
    /// <summary>Bytes.</summary>
    private const int SmallFile = 4096;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    internal static TextFileResult Read(string path, int maximumBytes)
    {
        using var handle = RegularFile.Open(path, out var refusal);
        if (handle is null)
        {
            return new TextFileResult.Refused(refusal);
        }
        try
        {
            return Read(handle, RandomAccess.GetLength(handle), maximumBytes);
        }
        // IOException: a fault of the disk, or a file of the kernel that has nothing to give.
        // UnauthorizedAccessException: refused only when read, as some files of /proc are.
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new TextFileResult.Refused("the file can't be read: it fails while reading");
        }
    }

    /// <param name="expected">
    /// Bytes. Where there are more, because the file has grown or its system says nothing, it is read once more.
    /// </param>
    private static TextFileResult Read(SafeFileHandle handle, long expected, int maximumBytes)
    {
        var room = (int)Math.Min(Math.Max(expected, SmallFile), maximumBytes);
        var buffer = ArrayPool<byte>.Shared.Rent(room + 1);
        try
        {
            var length = ReadAll(handle, buffer.AsSpan(0, room + 1));
            if (length <= room)
            {
                return Decode(buffer.AsSpan(0, length));
            }
        }
        finally
        {
            // Files of this kind hold secrets.
            buffer.AsSpan(0, room + 1).Clear();
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return room < maximumBytes
            ? Read(handle, maximumBytes, maximumBytes)
            : new TextFileResult.Refused($"the file is larger than {Size(maximumBytes)}");
    }

    private static int ReadAll(SafeFileHandle handle, Span<byte> buffer)
    {
        var length = 0;
        while (length < buffer.Length)
        {
            var read = RandomAccess.Read(handle, buffer[length..], length);
            if (read == 0)
            {
                break;
            }
            length += read;
        }
        return length;
    }

    private static TextFileResult Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(ByteOrderMark))
        {
            bytes = bytes[ByteOrderMark.Length..];
        }
        var characters = new char[bytes.Length];
        var status = Utf8.ToUtf16(bytes, characters, out _, out var written, replaceInvalidSequences: false);
        var text = new string(characters, 0, written);
        if (status != OperationStatus.Done)
        {
            return RefusedAt(text, text.Length, "the file is not valid UTF-8 here; save it as UTF-8");
        }
        var nul = text.IndexOf('\0');
        return nul < 0
            ? new TextFileResult.Content(text)
            : RefusedAt(text, nul, "the file holds a NUL character here; it is not a text file");
    }

    private static TextFileResult.Refused RefusedAt(string text, int index, string reason)
    {
        var before = text.AsSpan(0, index);
        return new TextFileResult.Refused(reason, before.Count('\n') + 1, index - before.LastIndexOf('\n'));
    }

    private static string Size(int bytes) =>
        bytes % 1_048_576 == 0 ? $"{bytes / 1_048_576} MiB"
        : bytes % 1_024 == 0 ? $"{bytes / 1_024} KiB"
        : $"{bytes} bytes";
}
