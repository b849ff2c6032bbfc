namespace ThinDeployer.Yaml;

/// <summary>
/// What every reader of one service needs besides the node. Environment gives the value of a variable, or null;
/// HomeFolder is what <c>~/</c> stands for.
/// </summary>
internal sealed record ReadingContext(
    Problems Problems,
    string? Service,
    Func<string, string?> Environment,
    string HomeFolder
)
{
    /// <summary>What the readers came across.</summary>
    internal PlainSecrets Secrets { get; init; } = new();

    /// <summary>Characters that each token and secret should have; with fewer, it is warned of.</summary>
    internal int MinimumTokenLength { get; init; }

    /// <summary>When it is read: what has ended by then is warned of.</summary>
    internal DateTimeOffset Now { get; init; }

    /// <summary>Whether nothing of it runs on this machine, whose users and folders then say nothing.</summary>
    internal bool RunsElsewhere { get; init; }

    /// <summary>What the service's output must not show.</summary>
    internal MaskedTexts MaskedTexts { get; init; } = new();

    /// <summary>Hears of every key that a reader asks for, and what it takes for it; null where nobody listens.</summary>
    internal Action<string, KeyShape>? Asked { get; init; }

    internal void Mistake(Place place, string message) => Problems.Mistake(place, Service, message);

    internal void Warn(Place place, string message) => Problems.Warn(place, Service, message);
}
