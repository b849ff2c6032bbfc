namespace ThinDeployer.Rules;

/// <summary>The variables that a service declares. Beside them arguments have no effect.</summary>
/// <param name="Variables">In the order written.</param>
internal sealed record VariableSet(IReadOnlyList<Variable> Variables)
{
    /// <summary>By name, which characters beside letters and digits may be in a value; null where that may be any.</summary>
    internal IReadOnlyDictionary<string, string?> Alphabets =>
        Variables
            .DistinctBy(variable => variable.Name)
            .ToDictionary(
                variable => variable.Name,
                variable =>
                    variable.Choices?.Alphabet
                    ?? (variable.Pattern is { } pattern ? PatternAlphabet.Of(pattern.Source) : null)
            );

    internal VariableValues From(RuleRequest request) => From(variable => variable.From(request));

    /// <summary>Of the values of an old deployment.</summary>
    internal VariableValues Again(IReadOnlyDictionary<string, string> passed) =>
        From(variable => variable.Again(passed.GetValueOrDefault(variable.Name)));

    /// <summary>Of values that an operator gives in place of a request.</summary>
    internal VariableValues Given(IReadOnlyDictionary<string, string> given) =>
        From(variable => variable.Given(given.GetValueOrDefault(variable.Name)));

    private VariableValues From(Func<Variable, (string? Value, string? Complaint)> valueOf)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in Variables)
        {
            var (value, complaint) = valueOf(variable);
            if (value is null)
            {
                return new VariableValues.Refused(complaint ?? "");
            }

            values[variable.Name] = value;
        }

        return new VariableValues.Given(values);
    }
}

/// <summary>What a request gives for the declared variables.</summary>
internal abstract record VariableValues
{
    private VariableValues() { }

    /// <param name="Values">By name, every declared one.</param>
    internal sealed record Given(IReadOnlyDictionary<string, string> Values) : VariableValues;

    /// <param name="Complaint">A sentence for who sent it, with the variable's name, pattern and choices.</param>
    internal sealed record Refused(string Complaint) : VariableValues;
}
