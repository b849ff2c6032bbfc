using System.Buffers;
using System.Text;

namespace ThinDeployer.Lines;

/// <summary>Finds a text in what a person sees of an output, whatever its case.</summary>
/// <param name="output">Where.</param>
/// <param name="text">Within a line.</param>
internal sealed class LineSearch(IndexedOutput output, string text)
{
    /// <summary>Lines of one answer.</summary>
    internal const int MostLines = 1_000;

    private const int BlockBytes = 128 * 1024;

    private readonly SearchValues<string> _wanted = SearchValues.Create([text], StringComparison.OrdinalIgnoreCase);
    private readonly LinePainter _painter = new();
    private readonly List<long> _lines = [];

    /// <summary>Numbers of lines that have it, and whether there are more behind the last one.</summary>
    /// <param name="first">The first line that is looked at.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal (IReadOnlyList<long> Lines, bool HasMore) From(long first, CancellationToken cancellationToken)
    {
        _lines.Clear();
        if (text.Length == 0 || first > output.Total)
        {
            return ([], false);
        }

        var characters = ArrayPool<char>.Shared.Rent(BlockBytes);
        using var blocks = new LineBlocks(output, first, BlockBytes);
        try
        {
            while (_lines.Count <= MostLines && blocks.Next())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (blocks.Lines.IsEmpty)
                {
                    LookInLong(blocks, cancellationToken);
                }
                else
                {
                    LookIn(blocks.Lines.Span, blocks.Number, characters);
                }
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }

        return ([.. _lines.Take(MostLines)], _lines.Count > MostLines);
    }

    /// <param name="lines">Whole ones.</param>
    /// <param name="number">Of the first.</param>
    /// <param name="characters">Has room for all of them.</param>
    private void LookIn(ReadOnlySpan<byte> lines, long number, char[] characters)
    {
        while (!lines.IsEmpty && _lines.Count <= MostLines)
        {
            var special = LineTokens.FirstThatMayNotBeText(lines);
            var plain = special < 0 ? lines.Length : lines[..special].LastIndexOf((byte)'\n') + 1;
            if (plain == 0)
            {
                var length = lines.IndexOf((byte)'\n');
                Look(length < 0 ? lines : lines[..length], number++);
                lines = length < 0 ? default : lines[(length + 1)..];
                continue;
            }

            var count = Encoding.UTF8.GetChars(lines[..plain], characters);
            number = LookInPlain(characters.AsSpan(0, count), number);
            lines = lines[plain..];
        }
    }

    /// <returns>The number of the line behind them.</returns>
    private long LookInPlain(ReadOnlySpan<char> lines, long number)
    {
        while (_lines.Count <= MostLines && lines.IndexOfAny(_wanted) is >= 0 and var found)
        {
            number += lines[..found].Count('\n');
            _lines.Add(number);
            var end = lines[found..].IndexOf('\n');
            if (end < 0)
            {
                return number;
            }

            number++;
            lines = lines[(found + end + 1)..];
        }

        return number + lines.Count('\n');
    }

    private void Look(ReadOnlySpan<byte> line, long number)
    {
        var (start, end) = VisiblePart.Of(line);
        var tokens = new LineTokens(line[start..end], isFinal: true, default, default);
        _painter.Paint(ref tokens);
        if (_painter.Text.ContainsAny(_wanted))
        {
            _lines.Add(number);
        }
    }

    /// <summary>Piece by piece, with the end of each before the next one. A step back reaches no piece before.</summary>
    private void LookInLong(LineBlocks blocks, CancellationToken cancellationToken)
    {
        var (position, end) = VisiblePart.Of(blocks.Bytes, blocks.Position, output.EndOf(blocks.Bytes, blocks.Number));
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            EscapeSequence sequence = default;
            var before = "";
            while (position < end)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = blocks.Bytes.Read(position, buffer.AsSpan(0, (int)Math.Min(BlockBytes, end - position)));
                var tokens = new LineTokens(buffer.AsSpan(0, count), position + count == end, sequence, default);
                _painter.Paint(ref tokens);
                var seen = string.Concat(before, _painter.Text);
                if (seen.AsSpan().ContainsAny(_wanted))
                {
                    _lines.Add(blocks.Number);
                    return;
                }

                if (tokens.Position == 0)
                {
                    return;
                }

                position += tokens.Position;
                sequence = tokens.Sequence;
                before = seen[Math.Max(0, seen.Length - text.Length + 1)..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
