using System.Globalization;
using ThinDeployer.Deployments;

namespace ThinDeployer.Http;

/// <summary>What of the history is asked for, by the API and by the page alike.</summary>
/// <param name="Status">Null for any.</param>
/// <param name="Since">Null for the beginning.</param>
/// <param name="Complaint">What is not understood; null where all is.</param>
internal sealed record HistoryQuery(DeploymentStatus? Status, DateTimeOffset? Since, string? Complaint)
{
    private static readonly string[] Times =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFK",
    ];

    /// <param name="status">Null where it is not said.</param>
    /// <param name="since">The same. Without an offset it is UTC.</param>
    internal static HistoryQuery Of(string? status, string? since)
    {
        var wanted = DeploymentStatuses.Parse(status ?? "");
        var from = TimeOf(since);
        var complaint =
            status is not null && wanted is null
                ? $"\"status\" must be one of: {string.Join(", ", Enum.GetValues<DeploymentStatus>().Select(value => value.Name()))}"
            : since is not null && from is null
                ? "\"since\" must be a time as ISO 8601 has it, such as 2026-01-31 or 2026-01-31T12:00:00Z"
            : null;
        return new HistoryQuery(wanted, from, complaint);
    }

    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParseExact(
            text,
            Times,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : null;
}
