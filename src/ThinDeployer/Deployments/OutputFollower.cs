using System.Buffers;
using System.Text;
using ThinDeployer.Output;

namespace ThinDeployer.Deployments;

/// <summary>
/// Reads the output of one deployment as it grows, to its end, at its own pace: it is woken by what is written and then reads
/// where it stands, so one that is slow keeps nobody waiting, and nothing waits for it in memory.
/// </summary>
/// <param name="source">Whose output.</param>
/// <param name="place">Where to begin.</param>
/// <param name="wholeCharacters">Whether a piece may end only where a character does.</param>
/// <param name="time">The clock.</param>
/// <param name="pieceBytes">The most of a piece.</param>
internal sealed class OutputFollower(
    FollowedOutput source,
    OutputPlace place,
    bool wholeCharacters,
    TimeProvider time,
    int pieceBytes = OutputFollower.SmallPiece
) : IDisposable
{
    /// <summary>Bytes: so few that even on a poor connection some pieces arrive whole: one that does not comes again.</summary>
    private const int SmallPiece = 8 * 1024;

    private long _position = place.Position;
    private int? _marks = place.Marks;

    /// <summary>Only held while a piece is being sent: most followers wait most of the time.</summary>
    private byte[]? _buffer;

    /// <summary>Waits for what comes next.</summary>
    /// <param name="patience">How long until it is told of the silence.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    internal async Task<FollowedEvent> NextAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        while (true)
        {
            Return();
            var end = source.End;
            var state = source.State;
            _marks ??= state.Marks.Count(mark => mark.Position < _position);
            var mark = state.Marks.ElementAtOrDefault(_marks.Value);
            if (mark?.Position <= _position)
            {
                return new FollowedEvent.Step(((StepMark)mark).Step, new OutputPlace(_position, ++_marks));
            }

            // What stands before a mark, or at the end of all, is as complete as it will ever be.
            var limit = mark?.Position ?? state.Content.End;
            var before = _position;
            if (Read(state, limit, isFinal: mark is not null || end is not null) is { } output)
            {
                return output;
            }

            if (end is { } known && _position >= limit)
            {
                return known.Result is { } result ? new FollowedEvent.End(result.Entry) : new FollowedEvent.Broken();
            }

            if (_position == before && end is null && !await ChangesAsync(state, patience, cancellationToken))
            {
                return new FollowedEvent.Silence();
            }
        }
    }

    public void Dispose()
    {
        Return();
        source.Dispose();
    }

    private FollowedEvent.Piece? Read(OutputState state, long limit, bool isFinal)
    {
        if (_position >= limit)
        {
            return null;
        }

        if (state.Content.From(_position) is { } behind && behind.Start > _position)
        {
            var line = Encoding.UTF8.GetBytes(OutputContent.CutLine(behind.Start - _position));
            _position = behind.Start;
            return new FollowedEvent.Piece(line, new OutputPlace(_position, Marks: null));
        }

        _buffer = ArrayPool<byte>.Shared.Rent(pieceBytes);
        var count = Fill(state.Content, _buffer.AsSpan(0, (int)Math.Min(pieceBytes, limit - _position)));
        if (count == 0)
        {
            PassOver(state, limit);
            return null;
        }

        var part = Utf8Border.PartAtEnd(_buffer.AsSpan(0, count));
        if (wholeCharacters && !(isFinal && _position + count >= limit))
        {
            count -= part;
        }

        _position += count;
        return count > 0
            ? new FollowedEvent.Piece(_buffer.AsMemory(0, count), new OutputPlace(_position, Marks: null))
            : null;
    }

    /// <summary>From as many parts as meet.</summary>
    private int Fill(OutputContent content, Span<byte> into)
    {
        var count = 0;
        while (
            count < into.Length
            && content.From(_position + count) is { } part
            && part.Start <= _position + count
            && source.Read(part, _position + count, into[count..]) is > 0 and var read
        )
        {
            count += read;
        }

        return count;
    }

    /// <summary>A segment that was dropped meanwhile stands in the next state as a gap; what is gone for good is passed.</summary>
    private void PassOver(OutputState state, long limit)
    {
        if (source.State.Version == state.Version)
        {
            _position = Math.Min(limit, state.Content.From(_position)?.End ?? limit);
        }
    }

    private async Task<bool> ChangesAsync(OutputState seen, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await source.ChangeAsync(seen).WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Return()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }
}
