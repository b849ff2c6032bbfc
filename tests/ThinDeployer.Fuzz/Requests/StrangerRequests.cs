using System.Text;
using CsCheck;
using ThinDeployer.Fuzz.Serving;

namespace ThinDeployer.Fuzz.Requests;

/// <summary>Requests of those who have no right credential.</summary>
internal static class StrangerRequests
{
    /// <summary>Put together from parts that are right or wrong each in its way.</summary>
    internal static readonly Gen<RawCase> Built = With(Heads.Tokens, WrongSignature.Of);

    private static readonly Gen<RawCase> Hopeless = With(Heads.HopelessTokens, _ => Gen.Const<string[]>([]));

    private static readonly Gen<byte[]> Fragments = Gen.OneOf(
        Pick.Of(
                "\r\n",
                "\r\n\r\n",
                "\n",
                "\r",
                "\0",
                " ",
                "\t",
                ":",
                "%",
                "%00",
                "%2f",
                "/",
                "?",
                "token=",
                "Content-Length: 3\r\n",
                "Content-Length: 0\r\n",
                "Transfer-Encoding: chunked\r\n",
                "0\r\n\r\n",
                "Host: x\r\n",
                "X-Auth-Token: \r\n",
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /deploy/long HTTP/1.1\r\nHost: x\r\nX-Auth-Token: none\r\nContent-Length: 0\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"
            )
            .Select(Encoding.Latin1.GetBytes),
        Gen.Byte.Array[1, 4]
    );

    /// <summary>Bytes of such requests, spoilt anywhere; some clients leave at once.</summary>
    internal static readonly Gen<RawCase> Spoilt = (
        from first in Hopeless
        from second in Gen.Frequency((3, Gen.Const(new RawCase([], IsWhole: true))), (1, Hopeless))
        from edits in Gen.Select(Gen.Double.Unit, Gen.Int[0, 30], Gen.Int[0, 3], Fragments).Array[0, 6]
        from isCut in Pick.Of(false, false, false, true)
        select new RawCase(edits.Aggregate(first.Bytes.Concat(second.Bytes).ToArray(), Edited), IsWhole: false, isCut)
    ).Where(request => !IsNearlyRight(request.Bytes));

    private static Gen<RawCase> With(Gen<string[]> tokens, Func<byte[], Gen<string[]>> signatures) =>
        from body in Bodies.Any
        from framed in Heads.Framed(body.Bytes)
        from line in Gen.Select(Heads.Methods, Targets.Any, Heads.Versions)
        from token in tokens
        from signature in signatures(body.Bytes)
        from odd in Heads.Odd
        select Assembled(
            $"{line.Item1} {line.Item2} {line.Item3}",
            [.. token, .. signature, .. Typed(body), .. odd, .. framed.Lines],
            framed.Bytes,
            // Of the others it can't be said how far the server must read.
            framed.IsRight
                && line.Item3 == "HTTP/1.1"
                && odd.Length == 0
        );

    private static RawCase Assembled(string line, string[] headers, byte[] body, bool isWhole)
    {
        var head = $"{line}\r\nHost: localhost\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n";
        return new RawCase([.. Encoding.Latin1.GetBytes(head), .. body], isWhole);
    }

    private static string[] Typed(TypedBody body) => body.Type.Length > 0 ? ["Content-Type: " + body.Type] : [];

    /// <summary>Of a token that is nearly right an edit could make the right one.</summary>
    private static bool IsNearlyRight(byte[] bytes)
    {
        var text = Uri.UnescapeDataString(Encoding.Latin1.GetString(bytes));
        return Services.Secrets.Any(secret => text.Contains(secret[1..5], StringComparison.OrdinalIgnoreCase));
    }

    private static byte[] Edited(byte[] bytes, (double Where, int Length, int Kind, byte[] Fragment) edit)
    {
        var start = (int)(edit.Where * bytes.Length);
        var end = Math.Min(start + edit.Length, bytes.Length);
        return edit.Kind switch
        {
            0 => [.. bytes[..start], .. bytes[end..]],
            1 => [.. bytes[..end], .. bytes[start..]],
            2 => [.. bytes[..start], .. edit.Fragment, .. bytes[start..]],
            _ => bytes[..start],
        };
    }
}
