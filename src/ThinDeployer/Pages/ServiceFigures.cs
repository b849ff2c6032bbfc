using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Html;
using ThinDeployer.Deployments;

namespace ThinDeployer.Pages;

/// <summary>How the last deployments of a service went: how often they succeed, and how long they take.</summary>
/// <param name="past">Newest first.</param>
internal sealed class ServiceFigures(IReadOnlyList<PastDeployment> past)
{
    private const int Width = 640;
    private const int Height = 96;
    private const int Most = 50;
    private const double Percent = 100;

    /// <summary>Those that ran to an end, oldest first. What never began, or was stopped by a person, says nothing of the service.</summary>
    private readonly List<PastDeployment> _ended =
    [
        .. past.Where(one =>
                one.Status
                    is DeploymentStatus.Succeeded
                        or DeploymentStatus.Failed
                        or DeploymentStatus.TimedOut
                        or DeploymentStatus.Interrupted
            )
            .Reverse(),
    ];

    internal int Count => _ended.Count;

    /// <summary>Of those that ended; 0 to 100.</summary>
    internal int SuccessRate =>
        Count == 0
            ? 0
            : (int)Math.Floor(_ended.Count(one => one.Status is DeploymentStatus.Succeeded) * Percent / Count);

    /// <summary>Half took longer; null where none succeeded.</summary>
    internal TimeSpan? Median =>
        _ended.Where(one => one.Status is DeploymentStatus.Succeeded).Select(DurationOf).Order().ToList()
            is { Count: > 0 } durations
            ? durations[durations.Count / 2]
            : null;

    /// <summary>A bar for each of the last ones: its height is how long it took.</summary>
    internal HtmlString Chart()
    {
        var shown = _ended.Skip(Math.Max(0, Count - Most)).ToList();
        if (shown.Count == 0)
        {
            return HtmlString.Empty;
        }

        var longest = Math.Max(1, shown.Max(one => DurationOf(one).TotalMilliseconds));
        var width = (double)Width / Most;
        var bars = new StringBuilder();
        for (var i = 0; i < shown.Count; i++)
        {
            var duration = DurationOf(shown[i]);
            var height = Math.Max(2, duration.TotalMilliseconds / longest * Height);
            bars.Append(
                CultureInfo.InvariantCulture,
                $"<rect class=\"{Shown.Class(shown[i].Status)}\" x=\"{i * width:0.#}\" y=\"{Height - height:0.#}\" width=\"{width - 2:0.#}\" height=\"{height:0.#}\"><title>{Shown.Word(shown[i].Status)} in {Shown.Span(duration)}, {Shown.Exact(shown[i].AcceptedAt)}</title></rect>"
            );
        }

        var told =
            $"How long the last {shown.Count} deployments took, the longest {Shown.Span(TimeSpan.FromMilliseconds(longest))}";
        return new HtmlString(
            $"<svg class=\"chart\" role=\"img\" aria-label=\"{told}\" viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\">{bars}</svg>"
        );
    }

    private static TimeSpan DurationOf(PastDeployment one) =>
        one.Duration ?? one.FinishedAt - one.StartedAt ?? TimeSpan.Zero;
}
