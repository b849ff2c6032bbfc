using ThinDeployer.Deployments;

namespace ThinDeployer.Otlp;

/// <summary>Spans that wait to be sent: what is told of one deployment at once.</summary>
/// <param name="Entry">Of the deployment, without what no span shows.</param>
/// <param name="HasRoot">Whether its own span is among them.</param>
/// <param name="Steps">By their names within the deployment.</param>
internal sealed record EndedSpans(
    DeploymentEntry Entry,
    bool HasRoot,
    IReadOnlyList<(string Name, StepResult Step)> Steps
)
{
    /// <summary>What a span takes besides its texts, rather too much than too little.</summary>
    private const int BytesOfSpan = 1024;

    private static readonly Dictionary<string, string> Nothing = [];

    internal int Count => Steps.Count + (HasRoot ? 1 : 0);

    /// <summary>What they take in memory, about.</summary>
    internal long Bytes { get; } =
        BytesOfSpan
        + Steps.Sum(one => BytesOfSpan + (sizeof(char) * (one.Step.Command.Length + (one.Step.Message?.Length ?? 0L))));

    /// <summary>Of one that has ended.</summary>
    internal static EndedSpans Of(DeploymentEntry entry) =>
        new(
            Slim(entry),
            HasRoot: true,
            [.. Named(entry.Steps), .. entry.Hooks.GroupBy(step => step.Hook).SelectMany(steps => Named(steps))]
        );

    /// <summary>Of a step that ran after the deployment's own span was told.</summary>
    /// <param name="number">From 1, among the steps of its hook.</param>
    internal static EndedSpans Of(DeploymentEntry entry, StepResult step, int number) =>
        new(Slim(entry), HasRoot: false, [(StepSequence.NameOf(step.Hook, number), step)]);

    private static IEnumerable<(string Name, StepResult Step)> Named(IEnumerable<StepResult> steps) =>
        steps.Select((step, index) => (StepSequence.NameOf(step.Hook, index + 1), step));

    private static DeploymentEntry Slim(DeploymentEntry entry) =>
        entry with
        {
            InlineOutput = null,
            Values = Nothing,
            ShownValues = Nothing,
            Unused = [],
        };
}
