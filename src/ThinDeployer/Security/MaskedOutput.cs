using System.Runtime.InteropServices;

namespace ThinDeployer.Security;

/// <summary>
/// Masks an output that comes piece by piece. What overlaps in it is masked as one. Only the end of a piece that may still
/// become a secret is held back, until the next piece shows it, or the output ends.
/// </summary>
/// <remarks>Not for use by two threads at once.</remarks>
internal sealed class MaskedOutput(SecretMask mask)
{
    private readonly List<Cover> _covers = [];
    private readonly List<byte> _held = [];
    private readonly List<byte> _shown = [];
    private int _node = SecretMask.Root;

    /// <summary>What may be shown by now. The bytes are good until the next call.</summary>
    internal ReadOnlySpan<byte> Pass(ReadOnlySpan<byte> bytes)
    {
        if (mask.IsEmpty)
        {
            return bytes;
        }

        Find(bytes);
        var open = bytes.Length - mask.OpenAt(_node);
        if (_covers.Count == 0 && _held.Count == 0)
        {
            _held.AddRange(bytes[open..]);
            return bytes[..open];
        }

        _shown.Clear();
        Show(bytes, open);
        Hold(bytes, open);
        return CollectionsMarshal.AsSpan(_shown);
    }

    /// <summary>The output is over, or pauses for something else: what was held back is no secret.</summary>
    internal ReadOnlySpan<byte> End()
    {
        _shown.Clear();
        _node = SecretMask.Root;
        Show([], open: 0);
        Hold([], open: 0);
        return CollectionsMarshal.AsSpan(_shown);
    }

    /// <summary>Positions count from the first byte of the piece; those of held bytes are negative.</summary>
    private void Find(ReadOnlySpan<byte> bytes)
    {
        var looked = -1;
        for (var position = 0; position < bytes.Length; )
        {
            var open = mask.OpenAt(_node);
            if (open < SecretMask.Shortest && position - open > looked)
            {
                // Faster than byte by byte, and no whole secret is gone over twice.
                looked = position - open;
                if (mask.Harmless(bytes[looked..]) is > 0 and var harmless)
                {
                    position = looked + harmless;
                    _node = SecretMask.Root;
                    continue;
                }
            }

            _node = mask.Next(_node, bytes[position++]);
            if (mask.MatchAt(_node) is > 0 and var length)
            {
                Add(new Cover(position - length, position, HasStars: false));
            }
        }
    }

    /// <summary>No other one ends later.</summary>
    private void Add(Cover cover)
    {
        while (_covers.Count > 0 && _covers[^1].End > cover.Start)
        {
            var last = _covers[^1];
            _covers.RemoveAt(_covers.Count - 1);
            cover = cover with
            {
                Start = Math.Min(cover.Start, last.Start),
                HasStars = cover.HasStars || last.HasStars,
            };
        }

        _covers.Add(cover);
    }

    /// <param name="bytes">The piece.</param>
    /// <param name="open">From here on, nothing is decided yet.</param>
    private void Show(ReadOnlySpan<byte> bytes, int open)
    {
        var position = -_held.Count;
        var done = 0;
        while (done < _covers.Count && _covers[done].Start <= open)
        {
            var cover = _covers[done];
            Copy(bytes, position, cover.Start);
            if (!cover.HasStars)
            {
                _shown.AddRange("***"u8);
            }

            position = cover.End;
            if (cover.End > open)
            {
                // What comes may overlap it, and has its stars then.
                _covers[done] = cover with
                {
                    HasStars = true,
                };
                break;
            }

            done++;
        }

        _covers.RemoveRange(0, done);
        Copy(bytes, position, open);
    }

    private void Copy(ReadOnlySpan<byte> bytes, int from, int to)
    {
        if (from < Math.Min(to, 0))
        {
            _shown.AddRange(CollectionsMarshal.AsSpan(_held)[(from + _held.Count)..(Math.Min(to, 0) + _held.Count)]);
        }

        if (to > Math.Max(from, 0))
        {
            _shown.AddRange(bytes[Math.Max(from, 0)..to]);
        }
    }

    /// <summary>Keeps what is not decided, and counts from the end of the piece on.</summary>
    private void Hold(ReadOnlySpan<byte> bytes, int open)
    {
        _held.RemoveRange(0, Math.Min(_held.Count, _held.Count + open));
        _held.AddRange(bytes[Math.Max(open, 0)..]);
        for (var i = 0; i < _covers.Count; i++)
        {
            var cover = _covers[i];
            _covers[i] = cover with { Start = cover.Start - bytes.Length, End = cover.End - bytes.Length };
        }
    }

    /// <param name="HasStars">Whether its stars are shown already, so that it only hides.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Cover(int Start, int End, bool HasStars);
}
