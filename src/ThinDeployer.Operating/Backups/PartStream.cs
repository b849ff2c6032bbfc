using ThinDeployer.Output;

namespace ThinDeployer.Operating.Backups;

/// <summary>A part of an output as the stream that goes into an archive: as long as it was when it was opened.</summary>
internal sealed class PartStream(OpenedOutput.Part part) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => part.Length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="BackupException">It has become shorter, as on a disk that is full.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_position >= part.Length || buffer.IsEmpty)
        {
            return 0;
        }

        var read = part.Read(buffer, _position);
        _position += read;
        return read > 0
            ? read
            : throw new BackupException($"The output {part.Name} was cut while it was read: try again.");
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        _position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => part.Length + offset,
        };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
