using ThinDeployer.Operating.Writing;

namespace ThinDeployer.Operating.Importing;

/// <summary>Says a single <c>match</c> of webhook in our words.</summary>
internal sealed class MatchTranslation(HookSources sources)
{
    /// <summary>A pattern that any one text matches; what is missing, or comes twice, does not.</summary>
    private const string AnyText = "^";

    private static readonly string[] AllAddresses = ["0.0.0.0/0", "::/0"];

    /// <summary>Null where there are no such words; then <paramref name="refusal"/> says why.</summary>
    /// <param name="match">As webhook has it.</param>
    /// <param name="refusal">A part of a sentence.</param>
    /// <param name="isInNot">Whether it must say just the same, and not less.</param>
    internal Translated? Of(HookRule.Match match, out string refusal, bool isInNot = false)
    {
        switch (match.Type)
        {
            case "value":
                return Valued(match, "equals", match.Operand.Value, out refusal);
            case "regex":
                refusal = "a template makes the pattern, and no pattern takes anything from the environment";
                return match.Operand.Literal is { } go ? Searched(match, go, out refusal) : null;
            case "ip-whitelist":
                refusal = "\"ip-range\" must be addresses or ranges of them";
                return match.Operand.Literal is { } ranges && AddressList.Read(ranges) is { } list
                    ? Addresses([.. list.Select(range => isInNot ? AddressList.AsRead(range) : range)])
                    : null;
            case "scalr-signature":
                refusal =
                    "Scalr's signature can't be checked; let a proxy check it, or give Scalr an URL with ?token=…";
                return null;
            case var hmac when SignatureRule.AlgorithmOf(hmac) is not null:
                refusal =
                    "a signature decides who may deploy, so it can't stand within \"or\" or \"not\", nor a second one";
                return null;
            default:
                refusal = "webhook knows no such type";
                return null;
        }
    }

    /// <summary>That the value is there as one text, so that a comparison with it says the same here and there.</summary>
    internal Translated Presence(HookRule.Match match)
    {
        if (match.Type == "ip-whitelist")
        {
            return Addresses(AllAddresses);
        }

        if (match.Value is not { } value || value.Source == "string" || sources.OfRule(value, out _) is not { } source)
        {
            return new Translated.Always();
        }

        // webhook compares the JSON text of a list or an object, which only such a text equals.
        return source.Key == "json" && match is { Type: "value", Operand.Value: not (['[', ..] or ['{', ..]) }
            ? Tested(source, "exists", new Written.Word("true"))
            : Tested(source, "matches", new Written.Text(AnyText));
    }

    private Translated? Searched(HookRule.Match match, string go, out string refusal)
    {
        refusal = "the pattern has what .NET's patterns have not";
        return GoPattern.Translate(go) is { } pattern
            ? Valued(match, "matches", pattern.Length > 0 ? pattern : AnyText, out refusal)
            : null;
    }

    private Translated? Valued(HookRule.Match match, string test, string? operand, out string refusal)
    {
        refusal = "a template makes the value of more than the environment";
        if (operand is null)
        {
            return null;
        }

        if (match.Value is not { } value)
        {
            refusal = "it has no \"parameter\", and webhook fails at it";
            return null;
        }

        if (value.Source == "string" && test == "equals")
        {
            refusal = "a template makes it";
            return value.Name.Literal is { } left && match.Operand.Literal is { } right
                ? Translated.Of(left == right)
                : null;
        }

        return sources.OfRule(value, out refusal) is { } source
            ? Tested(source, test, new Written.Text(operand))
            : null;
    }

    private static Translated.Rule Tested((string Key, string Name) source, string test, Written operand) =>
        new(Written.MapOf((source.Key, new Written.Text(source.Name)), (test, operand)));

    private static Translated Addresses(string[] ranges) =>
        ranges.Length == 0
            ? new Translated.Never()
            : new Translated.Rule(Written.MapOf(("address", Written.ListOf(ranges))));
}
