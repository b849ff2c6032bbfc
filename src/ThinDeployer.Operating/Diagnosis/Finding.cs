namespace ThinDeployer.Operating.Diagnosis;

/// <summary>How a finding of the doctor weighs.</summary>
public enum Weight
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, or may work; somebody should look.</summary>
    Warning,

    /// <summary>Deployments fail, or will.</summary>
    Wrong,
}

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="What">Such as <c>shop: pwd</c>.</param>
/// <param name="Text">What was found, on one line.</param>
/// <param name="Cure">What to do; null where there is nothing to.</param>
public sealed record Finding(Weight Weight, string What, string Text, string? Cure = null)
{
    /// <summary>One line.</summary>
    public override string ToString() =>
        $"{Weight.ToString().ToLowerInvariant(), -7}  {What}: {Text}{(Cure is null ? "" : $"; {Cure}")}";

    internal static Finding Good(string what, string text) => new(Weight.Ok, what, text);

    internal static Finding Doubtful(string what, string text, string cure) => new(Weight.Warning, what, text, cure);

    internal static Finding Bad(string what, string text, string cure) => new(Weight.Wrong, what, text, cure);
}
