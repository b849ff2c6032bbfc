using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace ThinDeployer.Security;

/// <summary>
/// Secrets that must not stand in an output. It never changes. Whatever their number, a text is looked through once (Aho and
/// Corasick, "Efficient string matching", 1975): a node stands for what secrets begin with, and each byte leads to the node
/// of the longest beginning that the text so far ends with.
/// </summary>
internal sealed class SecretMask
{
    /// <summary>Bytes. A secret that is shorter stands in an output by chance, and stars in its place would only tell of it.</summary>
    internal const int Shortest = 8;

    internal const int Root = 0;

    /// <summary>Bytes that tell how far it is.</summary>
    private const int BlockBytes = 3;

    private const int LongestLeap = Shortest - BlockBytes + 1;
    private const int SmallestTable = 4096;
    private const int LargestTable = 1 << 20;

    /// <summary>Without a secret before it, each byte of a text leads here.</summary>
    private readonly int[] _first = new int[byte.MaxValue + 1];
    private readonly List<Node> _nodes = [default];

    /// <summary>
    /// How far on a secret may begin at the earliest, by the three bytes that would end the shortest secret that begins here
    /// (Wu and Manber, "A fast algorithm for multi-pattern searching", 1994). Those that share a hash only shorten it.
    /// </summary>
    private readonly byte[] _leaps;
    private readonly int _hashShift;

    private SecretMask(IReadOnlyCollection<byte[]> texts)
    {
        const int roomFactor = 8;
        var wanted = Math.Clamp((long)texts.Count * LongestLeap * roomFactor, SmallestTable, LargestTable);
        var size = BitOperations.RoundUpToPowerOf2((uint)wanted);
        _hashShift = BitOperations.LeadingZeroCount(size) + 1;
        _leaps = new byte[size];
        Array.Fill(_leaps, (byte)LongestLeap);
        foreach (var text in texts)
        {
            Add(text);
            ShortenLeaps(text);
        }

        Link();
    }

    /// <summary>Masks nothing, at no cost.</summary>
    internal static SecretMask Nothing { get; } = new([]);

    internal bool IsEmpty => _nodes.Count == 1;

    internal static SecretMask Of(IEnumerable<Secret> secrets)
    {
        var lines = secrets.SelectMany(secret => secret.MaskedLines).ToList();
        return lines.Count == 0 ? Nothing : new SecretMask(lines);
    }

    /// <summary>A whole text, masked.</summary>
    internal string Masked(string text)
    {
        if (IsEmpty)
        {
            return text;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var output = new MaskedOutput(this);
        var shown = output.Pass(bytes).ToArray();
        byte[] masked = [.. shown, .. output.End()];
        return masked.AsSpan().SequenceEqual(bytes) ? text : Encoding.UTF8.GetString(masked);
    }

    public override string ToString() => Secret.Stars;

    /// <summary>How many bytes come before one that a secret may begin with.</summary>
    internal int Harmless(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        while (position + Shortest <= bytes.Length)
        {
            var leap = _leaps[HashOf(bytes[position..])];
            if (leap == LongestLeap)
            {
                // By a constant, not by what was read: the processor then looks ahead instead of waiting for each leap.
                position += LongestLeap;
                continue;
            }

            if (leap == 0 && _first[bytes[position]] != Root)
            {
                return position;
            }

            position += Math.Max((int)leap, 1);
        }

        while (position < bytes.Length && _first[bytes[position]] == Root)
        {
            position++;
        }

        return position;
    }

    /// <summary>The node after one more byte.</summary>
    internal int Next(int node, byte value)
    {
        var nodes = CollectionsMarshal.AsSpan(_nodes);
        while (node != Root)
        {
            for (var child = nodes[node].Child; child != Root; child = nodes[child].Sibling)
            {
                if (nodes[child].Value == value)
                {
                    return child;
                }
            }

            node = nodes[node].Fallback;
        }

        return _first[value];
    }

    /// <summary>Bytes of the longest secret that ends here; 0 for none.</summary>
    internal int MatchAt(int node) => _nodes[node].Match;

    /// <summary>Bytes at the end that more bytes may still make a secret of.</summary>
    internal int OpenAt(int node) => _nodes[node].Open;

    private void Add(ReadOnlySpan<byte> text)
    {
        var node = Root;
        foreach (var value in text)
        {
            node = ChildOf(node, value) is not Root and var child ? child : NewChild(node, value);
        }

        CollectionsMarshal.AsSpan(_nodes)[node].Match = text.Length;
    }

    private void ShortenLeaps(ReadOnlySpan<byte> text)
    {
        Span<byte> padded = stackalloc byte[Shortest + LongestLeap];
        text[..Shortest].CopyTo(padded[LongestLeap..]);
        for (var leap = 0; leap < LongestLeap; leap++)
        {
            ref var known = ref _leaps[HashOf(padded[(LongestLeap - leap)..])];
            known = Math.Min(known, (byte)leap);
        }
    }

    /// <summary>Of the block that ends the shortest secret.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint HashOf(ReadOnlySpan<byte> bytes)
    {
        const int before = Shortest - sizeof(uint);
        const uint golden = 2_654_435_761;
        var block = BinaryPrimitives.ReadUInt32LittleEndian(bytes[before..]) >> (8 * (sizeof(uint) - BlockBytes));
        return (block * golden) >> _hashShift;
    }

    private int ChildOf(int node, byte value)
    {
        if (node == Root)
        {
            return _first[value];
        }

        var child = _nodes[node].Child;
        while (child != Root && _nodes[child].Value != value)
        {
            child = _nodes[child].Sibling;
        }

        return child;
    }

    private int NewChild(int node, byte value)
    {
        var child = _nodes.Count;
        _nodes.Add(new Node { Value = value, Sibling = node == Root ? Root : _nodes[node].Child });
        CollectionsMarshal.AsSpan(_nodes)[node].Child = child;
        if (node == Root)
        {
            _first[value] = child;
        }

        return child;
    }

    /// <summary>Level by level, because a node falls back to one that is nearer to the root.</summary>
    private void Link()
    {
        var nodes = CollectionsMarshal.AsSpan(_nodes);
        var level = _first.Where(node => node != Root).ToList();
        for (var depth = 1; level.Count > 0; depth++)
        {
            var next = new List<int>();
            foreach (var index in level)
            {
                ref var node = ref nodes[index];
                ref var fallback = ref nodes[node.Fallback];
                node.Match = Math.Max(node.Match, fallback.Match);
                node.Open = node.Child == Root ? fallback.Open : depth;
                for (var child = node.Child; child != Root; child = nodes[child].Sibling)
                {
                    nodes[child].Fallback = Next(node.Fallback, nodes[child].Value);
                    next.Add(child);
                }
            }

            level = next;
        }
    }

    /// <summary>Indexes; the root, which is no child, stands for none.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Node
    {
        /// <summary>The last byte of the beginning.</summary>
        internal byte Value;

        /// <summary>One of those that are one byte longer.</summary>
        internal int Child;

        /// <summary>The next one of the same parent.</summary>
        internal int Sibling;

        /// <summary>The longest other beginning that this one ends with.</summary>
        internal int Fallback;

        /// <summary>Bytes of the longest secret that this one ends with; 0 for none.</summary>
        internal int Match;

        /// <summary>Bytes of the longest beginning of a longer secret that this one ends with; 0 for none.</summary>
        internal int Open;
    }
}
