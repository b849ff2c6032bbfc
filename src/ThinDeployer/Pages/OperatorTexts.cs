using ThinDeployer.Configuration;

namespace ThinDeployer.Pages;

/// <summary>What the commands of an operator say, for the page to show: the host brings it, the core knows no such command.</summary>
/// <param name="Explain">What <c>explain</c> says of a service, without its secrets.</param>
/// <param name="Examine">What <c>doctor</c> finds, while this server runs.</param>
internal sealed record OperatorTexts(
    Func<ServiceConfiguration, string> Explain,
    Func<Task<IReadOnlyList<Examined>>> Examine
)
{
    /// <summary>Of a host that brings none.</summary>
    internal static OperatorTexts None { get; } = new(_ => "", () => Task.FromResult<IReadOnlyList<Examined>>([]));
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Weight">Such as <c>ok</c>, <c>warning</c>, <c>wrong</c>.</param>
/// <param name="Cure">Null where there is nothing to do.</param>
internal sealed record Examined(string Weight, string What, string Text, string? Cure);
