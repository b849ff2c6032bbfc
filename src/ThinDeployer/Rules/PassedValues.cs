namespace ThinDeployer.Rules;

/// <summary>Values that were passed to a deployment before, for another one: by the rules of now, which may forbid them.</summary>
internal static class PassedValues
{
    /// <param name="values">By name.</param>
    /// <param name="variables">That the service declares; null where it declares none.</param>
    /// <param name="takes">Whether a name has an effect in the service.</param>
    internal static (IReadOnlyDictionary<string, string> Values, string? Complaint) Of(
        IReadOnlyDictionary<string, string> values,
        VariableSet? variables,
        Func<string, bool> takes
    )
    {
        if (variables is not null)
        {
            return variables.Again(values) switch
            {
                VariableValues.Given(var given) => (given, null),
                VariableValues.Refused(var refusal) => (values, refusal),
                _ => throw new InvalidOperationException("The variables gave an answer that is not known."),
            };
        }

        var taken = values.Where(value => takes(value.Key)).ToDictionary(StringComparer.Ordinal);
        // What was a declared variable may have become an argument that anybody gives.
        var complaint = taken
            .Select(value => ArgumentRule.Complaint(value.Key, value.Value))
            .FirstOrDefault(found => found is not null);
        return (taken, complaint);
    }
}
