using System.Text.Json;
using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>An entry as a row: the columns in one order, written and read here only.</summary>
internal static class EntryRow
{
    internal const string Columns =
        "sequence, id, service, status, accepted_at, started_at, finished_at, asked_by, given_values, steps, "
        + "superseded_by, outcome, needs_rollback, output_bytes, output_cut_bytes, inline_log, output_head_bytes, "
        + "unfilled, unused, hook_status, shown_values, cancelled_by, duration_ms";

    internal const string Placeholders =
        "$sequence, $id, $service, $status, $accepted_at, $started_at, $finished_at, $asked_by, $given_values, $steps, "
        + "$superseded_by, $outcome, $needs_rollback, $output_bytes, $output_cut_bytes, $inline_log, "
        + "$output_head_bytes, $unfilled, $unused, $hook_status, "
        + "$shown_values, $cancelled_by, $duration_ms";

    internal static string[] Parameters { get; } = Placeholders.Split(", ");

    /// <summary>What the end of a deployment changes.</summary>
    internal const string EndAssignments =
        "status = $status, started_at = $started_at, finished_at = $finished_at, steps = $steps, "
        + "superseded_by = $superseded_by, outcome = $outcome, needs_rollback = $needs_rollback, "
        + "output_bytes = $output_bytes, output_cut_bytes = $output_cut_bytes, inline_log = $inline_log, "
        + "output_head_bytes = $output_head_bytes, hook_status = $hook_status, cancelled_by = $cancelled_by, "
        + "duration_ms = $duration_ms";

    /// <summary>Which deployment, and what <see cref="EndAssignments"/> takes.</summary>
    internal static string[] EndParameters { get; } =
    [
        "$sequence",
        "$id",
        .. EndAssignments
            .Split(", ")
            .Select(assignment => assignment[(assignment.IndexOf("= ", StringComparison.Ordinal) + 2)..]),
    ];

    private static readonly Dictionary<string, string> NoValues = [];

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
            RowJson.Write([.. entry.Steps, .. entry.Hooks]),
            entry.SupersededBy,
            entry.Outcome?.Name(),
            entry.NeedsRollback,
            entry.OutputBytes,
            entry.OutputCutBytes,
            entry.InlineOutput,
            entry.OutputHeadBytes,
            RowJson.WriteOrNull(entry.Unfilled),
            RowJson.WriteOrNull(entry.Unused),
            entry.HookStatus?.Name(),
            entry.ShownValues.Count > 0 ? RowJson.Write(entry.ShownValues) : null,
            entry.CancelledBy,
            entry.Duration?.Ticks / TimeSpan.TicksPerMillisecond,
        ];

    internal static object?[] EndValues(DeploymentEntry entry) =>
        [
            entry.Sequence,
            entry.Id,
            entry.Status.Name(),
            entry.StartedAt?.ToUnixTimeMilliseconds(),
            entry.FinishedAt?.ToUnixTimeMilliseconds(),
            RowJson.Write([.. entry.Steps, .. entry.Hooks]),
            entry.SupersededBy,
            entry.Outcome?.Name(),
            entry.NeedsRollback,
            entry.OutputBytes,
            entry.OutputCutBytes,
            entry.InlineOutput,
            entry.OutputHeadBytes,
            entry.HookStatus?.Name(),
            entry.CancelledBy,
            entry.Duration?.Ticks / TimeSpan.TicksPerMillisecond,
        ];

    internal static DeploymentEntry Read(Row row)
    {
        var steps = RowJson.ReadSteps(row.Utf8(9));
        return new()
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
            Steps = Array.FindAll(steps, step => step.Hook is null),
            Hooks = Array.FindAll(steps, step => step.Hook is not null),
            SupersededBy = row.TextOrNull(10),
            Outcome = row.TextOrNull(11) is { } outcome ? Status(outcome) : null,
            NeedsRollback = row.Flag(12),
            OutputBytes = row.Number(13),
            OutputCutBytes = row.Number(14),
            InlineOutput = row.TextOrNull(15),
            OutputHeadBytes = row.NumberOrNull(16),
            Unfilled = RowJson.ReadNames(row.Utf8(17)),
            Unused = RowJson.ReadNames(row.Utf8(18)),
            HookStatus = row.TextOrNull(19) is { } hook ? Status(hook) : null,
            ShownValues = row.Utf8(20) is { IsEmpty: false } shown ? RowJson.ReadValues(shown) : NoValues,
            CancelledBy = row.TextOrNull(21),
            Duration = row.NumberOrNull(22) is { } duration ? TimeSpan.FromMilliseconds(duration) : null,
        };
    }

    internal static DeploymentStatus Status(string name) =>
        DeploymentStatuses.Parse(name) ?? throw new JsonException($"The record holds the unknown status \"{name}\".");

    private static DateTimeOffset? Time(Row row, int column) =>
        row.NumberOrNull(column) is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
}
