using CsCheck;

namespace ThinDeployer.Fuzz;

/// <summary>Values that would do harm where they were taken for code.</summary>
internal static class Hostile
{
    /// <summary>What they make, in the folder of the step.</summary>
    private const string Harm = "touch hacked";

    internal static readonly Gen<string> Values = Gen.OneOf(
        Pick.Of(
            $"$({Harm})",
            $"`{Harm}`",
            $";{Harm};",
            $"'; {Harm}; '",
            $"\"; {Harm}; \"",
            $"\n{Harm}\n",
            $"\r\n{Harm}\r\n",
            $"&& {Harm} #",
            $"| {Harm}",
            $"}}; {Harm}; {{",
            $"); {Harm}; (",
            $"'\"$({Harm})\"'",
            $"\\\"; {Harm}; \\",
            $"${{x:-$({Harm})}}",
            $"%b%$({Harm})%c%",
            "%a%%b%",
            "${THIN_DEPLOYER_V1}",
            "$'\\n'",
            "*",
            "~root",
            "{a,b}",
            "!!",
            "-rf",
            "--help",
            "",
            " ",
            "\t",
            "\u001b[2J",
            "\u202e",
            "\u2028",
            "\0",
            "\uFFFE",
            "日本 ü",
            new string('x', 4_096),
            new string('x', 4_097),
            new string('\'', 500)
        ),
        Pick.Text("$()`'\"\\;&|<>{}[]*?~!#%=- \n\tab\u00e9", 30)
    );
}
