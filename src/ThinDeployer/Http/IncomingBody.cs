namespace ThinDeployer.Http;

/// <summary>
/// The bytes of a body as they come, in one array that is never made smaller: a large body is there once, and what it has
/// outgrown on the way, if anything, is garbage of about its size at most.
/// </summary>
/// <param name="announced">Bytes; null where the head does not say.</param>
/// <param name="limit">Bytes that are taken.</param>
/// <param name="isTrusted">
/// Whether a promise is worth memory. Who is not let in gets four times of what has come, whatever is announced; others
/// sixteen times where nothing is, so that little is outgrown.
/// </param>
internal sealed class IncomingBody(long? announced, long limit, bool isTrusted)
{
    /// <summary>Bytes, where nothing is known of the length: most requests have no body at all.</summary>
    private const int Smallest = 256;

    /// <summary>Bytes that anybody gets for a promise.</summary>
    private const int MostPromised = 16 * 1024;

    private readonly int _growth = isTrusted ? 16 : 4;

    private byte[] _bytes = [];

    /// <summary>Bytes that have come.</summary>
    internal int Length { get; private set; }

    internal ReadOnlyMemory<byte> Whole => _bytes.AsMemory(0, Length);

    /// <summary>Where the next bytes go. There is always room for one more: it shows whether this is the end.</summary>
    internal Memory<byte> Free
    {
        get
        {
            if (Length == _bytes.Length)
            {
                var larger = GC.AllocateUninitializedArray<byte>((int)Capacity());
                Whole.CopyTo(larger);
                _bytes = larger;
            }

            return _bytes.AsMemory(Length);
        }
    }

    /// <summary>So many have come.</summary>
    internal void Came(int count) => Length += count;

    /// <summary>With the byte that shows the end, as soon as the whole is within reach: it is not copied once more for that.</summary>
    private long Capacity()
    {
        var whole = announced >= Length ? Math.Min(announced.Value, limit) : limit;
        var grown = Math.Max(announced is null ? Smallest : MostPromised, (long)Length * _growth);
        return whole <= grown || (isTrusted && announced >= Length) ? whole + 1 : grown;
    }
}
