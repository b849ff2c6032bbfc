using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Importing;

/// <summary>A hook of webhook, as far as it has a meaning here.</summary>
internal sealed record Hook(Place Place, string Id, HookText Command)
{
    /// <summary>Null where there is none.</summary>
    internal HookText? Folder { get; init; }

    internal IReadOnlyList<HookValue> Arguments { get; init; } = [];

    internal IReadOnlyList<HookValue> Environment { get; init; } = [];

    internal IReadOnlyList<HookValue> Files { get; init; } = [];

    /// <summary>Values that hold JSON, and are read as such.</summary>
    internal IReadOnlyList<HookValue> Embedded { get; init; } = [];

    /// <summary>Null where every request triggers it.</summary>
    internal HookRule? Rule { get; init; }

    internal bool WantsOutput { get; init; }

    internal bool WantsOutputOfFailures { get; init; }

    /// <summary>A wrong signature is a rule that does not match; else it ends the request.</summary>
    internal bool ToleratesSignatures { get; init; }

    /// <summary>What counts instead of the request's own <c>Content-Type</c>; null for that.</summary>
    internal string? ContentType { get; init; }

    /// <summary>In capitals; empty for all.</summary>
    internal IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Where they stand.</summary>
    internal Place? MethodsPlace { get; init; }

    /// <summary>What has no equivalent, whatever its value.</summary>
    internal IReadOnlyList<Told> Told { get; init; } = [];
}

/// <summary>A value of the request (docs/Referencing-Request-Values.md of webhook).</summary>
/// <param name="Source">In small letters as webhook knows them; <c>query</c> is <c>url</c>.</param>
/// <param name="Name">Empty for what has none.</param>
/// <param name="Variable">The environment variable that is asked for; null for the usual one.</param>
internal sealed record HookValue(Place Place, string Source, HookText Name, string? Variable, bool IsBase64)
{
    /// <summary>As it is told.</summary>
    internal string Shown => Name.Parts.Count == 0 || Source == "string" ? Source : $"{Source} {Quote.Of(Name.Shown)}";
}

/// <summary>A rule (docs/Hook-Rules.md of webhook).</summary>
internal abstract record HookRule(Place Place)
{
    internal sealed record And(Place Place, IReadOnlyList<HookRule> Rules) : HookRule(Place);

    internal sealed record Or(Place Place, IReadOnlyList<HookRule> Rules) : HookRule(Place);

    internal sealed record Not(Place Place, HookRule Rule) : HookRule(Place);

    /// <param name="Type">As written.</param>
    /// <param name="Operand">The value, the pattern, the secret or the addresses.</param>
    /// <param name="Value">What is looked at; null where the type says so.</param>
    internal sealed record Match(Place Place, string Type, HookText Operand, HookValue? Value) : HookRule(Place);

    /// <summary>Nothing in it: it never matches.</summary>
    internal sealed record Nothing(Place Place) : HookRule(Place);
}
