using ThinDeployer.Deployments;
using ThinDeployer.Lines;
using ThinDeployer.Output;

namespace ThinDeployer.Pages.Log;

/// <summary>The output of a deployment at one moment, with its steps and lines.</summary>
/// <param name="Content">All of it.</param>
/// <param name="Lines">The same as lines.</param>
/// <param name="IsComplete">Whether the deployment has ended.</param>
/// <param name="Steps">Those that began.</param>
internal sealed record DeploymentLog(
    OutputContent Content,
    IndexedOutput Lines,
    bool IsComplete,
    IReadOnlyList<StepPlace> Steps
)
{
    /// <param name="output">Of the deployment.</param>
    /// <param name="id">Of the deployment.</param>
    /// <param name="lines">Remembers them.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal static DeploymentLog Of(
        FollowedOutput output,
        string id,
        OutputLines lines,
        CancellationToken cancellationToken
    )
    {
        // In this order: what has ended grows no more.
        var isComplete = output.End is not null;
        var state = output.State;
        return new DeploymentLog(
            state.Content,
            lines.Of(id, state.Content, isComplete, cancellationToken),
            isComplete,
            StepPlace.Of(state)
        );
    }

    /// <summary>With what stands for steps where machines have them: it holds all that no step of this machine said.</summary>
    /// <param name="whole">Null where there is no such thing.</param>
    internal DeploymentLog With(StepResult? whole) =>
        whole is null
            ? this
            : this with
            {
                Steps = [new StepPlace(0, whole, 0, Steps is [var first, ..] ? first.Start : Content.End), .. Steps],
            };

    /// <summary>Of each step. Every line is one's of them, if there is any.</summary>
    internal IReadOnlyList<LineRange> Ranges => LineRange.OfSteps(Lines, [.. Steps.Select(step => (long?)step.Start)]);
}
