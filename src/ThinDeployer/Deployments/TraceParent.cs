namespace ThinDeployer.Deployments;

/// <summary>Which span of which trace asked, by W3C Trace Context (https://www.w3.org/TR/trace-context/).</summary>
/// <param name="TraceId">32 hexadecimal digits, not all of them 0.</param>
/// <param name="SpanId">16 hexadecimal digits, not all of them 0.</param>
/// <param name="Flags">Bits; the lowest is 1 for a trace that is recorded.</param>
internal sealed record TraceParent(string TraceId, string SpanId, byte Flags)
{
    /// <summary>Characters of version 00; a later one may have more behind a dash.</summary>
    private const int Length = 55;

    /// <summary>Null for what is not exactly so: the specification wants it to be taken as if it were not there.</summary>
    internal static TraceParent? Parse(string? text) =>
        text is not null && IsRight(text)
            ? new TraceParent(text[3..35], text[36..52], Convert.FromHexString(text.AsSpan(53, 2))[0])
            : null;

    /// <summary>As version 00 writes it.</summary>
    public override string ToString() => $"00-{TraceId}-{SpanId}-{Flags:x2}";

    private static bool IsRight(string text) =>
        text.Length >= Length
        && text[2] == '-'
        && text[35] == '-'
        && text[52] == '-'
        && IsHex(text[..2])
        && text[..2] != "ff"
        && (text.Length == Length || (text[..2] != "00" && text[Length] == '-'))
        && IsHex(text[3..35])
        && text[3..35].Any(digit => digit != '0')
        && IsHex(text[36..52])
        && text[36..52].Any(digit => digit != '0')
        && IsHex(text[53..Length]);

    /// <summary>Upper case is not allowed.</summary>
    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigitLower);
}
