using Microsoft.Win32.SafeHandles;
using ThinDeployer.Output;

namespace ThinDeployer.Lines;

/// <summary>Reads anywhere in an output, with one file open at a time.</summary>
/// <param name="joined">Without gaps.</param>
internal sealed class OutputBytes(OutputContent joined) : IDisposable
{
    private OutputPart? _part;
    private SafeFileHandle? _file;

    /// <summary>Fills as much as there is.</summary>
    /// <returns>Bytes; fewer than wanted at the end, or where a file is gone.</returns>
    internal int Read(long position, Span<byte> into)
    {
        var count = 0;
        while (count < into.Length && joined.From(position + count) is { } part)
        {
            Turn(part);
            var read = part.Read(_file, position + count, into[count..]);
            if (read == 0)
            {
                break;
            }

            count += read;
        }

        return count;
    }

    public void Dispose() => _file?.Dispose();

    private void Turn(OutputPart part)
    {
        if (!ReferenceEquals(part, _part))
        {
            _file?.Dispose();
            _file = part.Open();
            _part = part;
        }
    }
}
