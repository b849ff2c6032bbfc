using System.Text.Json;
using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>An entry as a row: the columns in one order, written and read here only.</summary>
internal static class EntryRow
{
    internal const string Columns =
        "sequence, id, service, status, accepted_at, started_at, finished_at, asked_by, given_values, steps, "
        + "superseded_by, outcome, needs_rollback, output_bytes, output_cut_bytes, inline_log, output_head_bytes, duration_ms";

    internal const string Placeholders =
        "$sequence, $id, $service, $status, $accepted_at, $started_at, $finished_at, $asked_by, $given_values, $steps, "
        + "$superseded_by, $outcome, $needs_rollback, $output_bytes, $output_cut_bytes, $inline_log, "
        + "$output_head_bytes, $duration_ms";

    internal static string[] Parameters { get; } = Placeholders.Split(", ");

    internal static object?[] Values(DeploymentEntry entry) =>
        [
            entry.Sequence,
            entry.Id,
            entry.Service,
            entry.Status.Name(),
            entry.AcceptedAt.ToUnixTimeMilliseconds(),
            entry.StartedAt?.ToUnixTimeMilliseconds(),
            entry.FinishedAt?.ToUnixTimeMilliseconds(),
            RowJson.Write(entry.Trigger),
            RowJson.Write(entry.Values),
            RowJson.Write(entry.Steps),
            entry.SupersededBy,
            entry.Outcome?.Name(),
            entry.NeedsRollback,
            entry.OutputBytes,
            entry.OutputCutBytes,
            entry.InlineLog,
            entry.OutputHeadBytes,
            entry.Duration?.Ticks / TimeSpan.TicksPerMillisecond,
        ];

    internal static DeploymentEntry Read(Row row) =>
        new()
        {
            Sequence = row.Number(0),
            Id = row.Text(1),
            Service = row.Text(2),
            Status = Status(row.Text(3)),
            AcceptedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Number(4)),
            StartedAt = Time(row, 5),
            FinishedAt = Time(row, 6),
            Trigger = RowJson.ReadTrigger(row.Utf8(7)),
            Values = RowJson.ReadValues(row.Utf8(8)),
            Steps = RowJson.ReadSteps(row.Utf8(9)),
            SupersededBy = row.TextOrNull(10),
            Outcome = row.TextOrNull(11) is { } outcome ? Status(outcome) : null,
            NeedsRollback = row.Flag(12),
            OutputBytes = row.Number(13),
            OutputCutBytes = row.Number(14),
            InlineLog = row.TextOrNull(15),
            OutputHeadBytes = row.NumberOrNull(16),
            Duration = row.NumberOrNull(17) is { } duration ? TimeSpan.FromMilliseconds(duration) : null,
        };

    internal static DeploymentStatus Status(string name) =>
        DeploymentStatuses.Parse(name) ?? throw new JsonException($"The record holds the unknown status \"{name}\".");

    private static DateTimeOffset? Time(Row row, int column) =>
        row.NumberOrNull(column) is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
}
