using ThinDeployer.Deployments;
using ThinDeployer.Output;

namespace ThinDeployer.Pages.Log;

/// <summary>A step, and where it stands in the whole output.</summary>
/// <param name="Number">From 1, in the order in which they began; 0 for what stands for the steps of machines.</param>
/// <param name="Start">Of its first byte.</param>
/// <param name="End">Behind its last one so far.</param>
internal sealed record StepPlace(int Number, StepResult Result, long Start, long End)
{
    /// <summary>All that began, in order.</summary>
    internal static IReadOnlyList<StepPlace> Of(OutputState state) =>
        [
            .. state
                .Marks.Cast<StepMark>()
                .GroupBy(mark => mark.Number)
                .Select(step => new StepPlace(
                    step.Key,
                    step.Last().Step,
                    step.First().Position,
                    step.Skip(1).LastOrDefault()?.Position ?? state.Content.End
                )),
        ];
}
