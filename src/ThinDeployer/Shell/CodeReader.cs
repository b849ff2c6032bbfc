namespace ThinDeployer.Shell;

/// <summary>Something that reads text it is given as code.</summary>
/// <param name="Name">As an operator would call it: <c>sh -c</c>.</param>
/// <param name="Cure">What to write instead.</param>
/// <param name="Harmless">Beside letters and digits, the characters that do no harm there.</param>
internal sealed record CodeReader(string Name, string Cure, string Harmless = CodeReader.HarmlessInMost)
{
    /// <summary>Stands in a cure for the placeholder that it is about.</summary>
    internal const string AnyPlaceholder = "%…%";

    internal const string AsArgument = "hand it over as an argument of its own, which that code then reads";

    internal const string ByPattern = "give it a \"pattern\" in \"variables\", such as [A-Za-z0-9._-]+";

    /// <summary>No shell takes them for anything else, and no make, SQL or other language within its quotes.</summary>
    internal const string HarmlessInMost = "._-/:@+,";

    /// <summary>Where the code puts something between two characters of its choice: <c>s/a/%v%/</c>, <c>s,a,%v%,</c>.</summary>
    internal const string HarmlessBetweenDelimiters = "._-";

    /// <summary>Whether a caller can make code of a value there.</summary>
    /// <param name="name">The placeholder's, or the variable's.</param>
    /// <param name="declared">
    /// The variables that alone take values from a request, with the characters beside letters and digits that these may have
    /// (null for any); null where each placeholder takes any.
    /// </param>
    internal bool TakesCode(string name, IReadOnlyDictionary<string, string?>? declared) =>
        declared is null
        || (
            declared.TryGetValue(name, out var characters)
            && (characters is null || characters.AsSpan().ContainsAnyExcept(Harmless))
        );

    /// <summary>What to write instead of what is read again.</summary>
    internal string CureFor(string value) =>
        Cure == ByPattern ? Cure : $"{Cure.Replace(AnyPlaceholder, value)}, or {ByPattern}";
}
