namespace ThinDeployer.Shell;

/// <summary>How the text around a placeholder is quoted, and so how a reference to its value is written there.</summary>
internal enum Quoting
{
    Bare,
    Single,
    Double,
}

/// <summary>A placeholder, and what is written in its stead.</summary>
internal sealed record PlaceholderSite(Placeholder Placeholder, Quoting Quoting)
{
    /// <summary>Where the replaced text begins: before the placeholder when a backslash or dollar sign stands there that would change the
    /// meaning of our own opening quote.</summary>
    internal required int ReplaceFrom { get; init; }

    /// <summary>Written before the reference, inside the quoting of the place.</summary>
    internal required string Prefix { get; init; }

    /// <summary>The end of the word that begins with this placeholder and has nothing but placeholders in it, if leaving the
    /// whole word out is harmless there; else -1.</summary>
    internal int OmittableWordEnd { get; init; } = -1;
}
