using CsCheck;
using ThinDeployer.Fuzz.Serving;

namespace ThinDeployer.Fuzz.Requests;

/// <summary>Tokens that are nearly right, and none that is.</summary>
internal static class WrongToken
{
    internal static readonly Gen<string> Near =
        from secret in Pick.Of(Services.Secrets)
        from at in Gen.Int[0, secret.Length - 1]
        from kind in Gen.Int[0, 8]
        select kind switch
        {
            0 => secret[..^1],
            1 => secret[1..],
            2 => secret + secret,
            3 => secret.ToUpperInvariant() + "!",
            4 => secret.Remove(at, 1).Insert(at, "~"),
            5 => secret.Insert(at, "~"),
            6 => "sha256:" + secret,
            7 => secret[..at],
            _ => secret + "%",
        };

    internal static readonly Gen<string> Any = Gen.Frequency(
        (3, Near),
        (
            1,
            Pick.Of(
                "",
                "null",
                "0",
                "true",
                "*",
                "[]",
                "sha256:",
                "${TOKEN}",
                "' OR ''='",
                "\u00ff\u0080",
                new string('t', 5_000)
            )
        )
    );
}
