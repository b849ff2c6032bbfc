namespace ThinDeployer.Yaml;

internal enum Severity
{
    /// <summary>The configuration can't be used.</summary>
    Mistake,

    /// <summary>It can, but somebody should look.</summary>
    Warning,
}

/// <summary>
/// What is wrong, and what would be right; the message never holds the value of a text, which may be a secret. The
/// service is null when the problem concerns a whole file, or the service is not known.
/// </summary>
internal sealed record Problem(Severity Severity, Place Place, string? Service, string Message)
{
    /// <summary>One line, whatever the service is called.</summary>
    public override string ToString() =>
        Service is null ? $"{Place}: {Message}" : $"{Place}: {Quote.Escaped(Service)}: {Message}";
}
