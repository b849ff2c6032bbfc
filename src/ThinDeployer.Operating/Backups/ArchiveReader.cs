using System.Buffers.Binary;
using System.Text;

namespace ThinDeployer.Operating.Backups;

/// <summary>
/// Reads a tar archive of plain files, and nothing else: the framework's reader takes headers of up to 2 GiB into memory, which
/// some kilobytes of gzip can pretend to be. The format is that of tar(5), with names of up to 100 bytes.
/// </summary>
/// <param name="archive">Unpacked already.</param>
#pragma warning disable CA1001 // The stream of an entry holds nothing.
internal sealed class ArchiveReader(Stream archive)
#pragma warning restore CA1001
{
    private const int BlockBytes = 512;
    private const int NameBytes = 100;
    private const int SizeAt = 124;
    private const int SizeBytes = 12;
    private const int SumAt = 148;
    private const int SumBytes = 8;
    private const int TypeAt = 156;
    private const int PrefixAt = 345;
    private const int PrefixBytes = 155;

    private readonly byte[] _block = new byte[BlockBytes];
    private EntryStream? _last;

    /// <summary>Null at the end.</summary>
    /// <exception cref="BackupException">It is cut off, or holds what no backup of ours does.</exception>
    internal ArchiveEntry? Next()
    {
        _last?.Finish();
        _last = null;
        archive.ReadExactly(_block);
        if (!_block.AsSpan().ContainsAnyExcept((byte)0))
        {
            return null;
        }

        if (Octal(SumAt, SumBytes) != Sum())
        {
            throw new BackupException("The backup is damaged, or none of Thin Deployer.");
        }

        var name = Text(0, NameBytes);
        if (_block[TypeAt] is not ((byte)'0' or 0) || _block.AsSpan(PrefixAt, PrefixBytes).ContainsAnyExcept((byte)0))
        {
            throw new BackupException($"The backup holds more than plain files: {Shown(name)}.");
        }

        var length = Size();
        _last = new EntryStream(archive, length, Padding(length));
        return new ArchiveEntry(name, length, _last);
    }

    /// <summary>For a message.</summary>
    internal static string Shown(string name) =>
        $"\"{string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) || "./-_".Contains(character, StringComparison.Ordinal) ? character : '?'))}\"";

    private static int Padding(long length) => (int)((BlockBytes - (length % BlockBytes)) % BlockBytes);

    private long Sum()
    {
        long sum = SumBytes * ' ';
        for (var index = 0; index < BlockBytes; index++)
        {
            sum += index is >= SumAt and < SumAt + SumBytes ? 0 : _block[index];
        }

        return sum;
    }

    /// <summary>In octal digits; from 8 GiB on in binary, marked by the first bit.</summary>
    private long Size()
    {
        var size =
            _block[SizeAt] == 0x80
                ? BinaryPrimitives.ReadInt64BigEndian(_block.AsSpan(SizeAt + SizeBytes - sizeof(long)))
                : Octal(SizeAt, SizeBytes);
        return size >= 0 ? size : throw new BackupException("The backup is damaged: an entry has no size.");
    }

    private long Octal(int at, int length)
    {
        var value = 0L;
        foreach (var digit in Text(at, length).Trim(' '))
        {
            if (digit is < '0' or > '7')
            {
                return -1;
            }

            value = (value * 8) + (digit - '0');
        }

        return value;
    }

    private string Text(int at, int length)
    {
        var bytes = _block.AsSpan(at, length);
        var end = bytes.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>The bytes of one entry.</summary>
    private sealed class EntryStream(Stream archive, long length, int padding) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var wanted = (int)Math.Min(buffer.Length, _left);
            if (wanted == 0)
            {
                return 0;
            }

            var read = archive.Read(buffer[..wanted]);
            _left -= read;
            return read > 0 ? read : throw new EndOfStreamException();
        }

        /// <summary>Passes over what nobody read.</summary>
        internal void Finish()
        {
            CopyTo(Null);
            archive.ReadExactly(new byte[padding]);
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
