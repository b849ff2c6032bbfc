using System.Text.Json;
using Microsoft.Data.Sqlite;
using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>An entry as a row: the columns in one order, written and read here only.</summary>
internal static class EntryRow
{
    internal const string Columns =
        "sequence, id, service, status, accepted_at, started_at, finished_at, asked_by, given_values, steps, "
        + "superseded_by, outcome, needs_rollback, output_bytes, output_cut_bytes, inline_log, output_head_bytes";

    internal const string Placeholders =
        "$sequence, $id, $service, $status, $accepted_at, $started_at, $finished_at, $asked_by, $given_values, $steps, "
        + "$superseded_by, $outcome, $needs_rollback, $output_bytes, $output_cut_bytes, $inline_log, "
        + "$output_head_bytes";

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
        ];

    internal static DeploymentEntry Read(SqliteDataReader row) =>
        new()
        {
            Sequence = row.GetInt64(0),
            Id = row.GetString(1),
            Service = row.GetString(2),
            Status = Status(row.GetString(3)),
            AcceptedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
            StartedAt = Time(row, 5),
            FinishedAt = Time(row, 6),
            Trigger = RowJson.ReadTrigger(row.GetString(7)),
            Values = RowJson.ReadValues(row.GetString(8)),
            Steps = RowJson.ReadSteps(row.GetString(9)),
            SupersededBy = Text(row, 10),
            Outcome = Text(row, 11) is { } outcome ? Status(outcome) : null,
            NeedsRollback = row.GetBoolean(12),
            OutputBytes = row.GetInt64(13),
            OutputCutBytes = row.GetInt64(14),
            InlineLog = Text(row, 15),
            OutputHeadBytes = row.IsDBNull(16) ? null : row.GetInt64(16),
        };

    internal static DeploymentStatus Status(string name) =>
        DeploymentStatuses.Parse(name) ?? throw new JsonException($"The record holds the unknown status \"{name}\".");

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static string? Text(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
