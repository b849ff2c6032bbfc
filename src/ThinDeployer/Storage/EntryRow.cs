using System.Text.Json;
using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>An entry as a row: the columns in one order, written and read here only.</summary>
internal static class EntryRow
{
    /// <summary>What is fixed when a deployment is accepted.</summary>
    private const string AtAcceptance =
        "sequence, id, service, accepted_at, asked_by, given_values, unfilled, unused, shown_values, chain";

    private const string ShortAtEnd =
        "status, started_at, finished_at, steps, superseded_by, outcome, needs_rollback, output_bytes, output_cut_bytes, "
        + "inline_log, output_head_bytes, hook_status, cancelled_by, duration_ms, gate";

    /// <summary>What its end changes.</summary>
    private const string AtEnd = $"{ShortAtEnd}, summary, output_times";

    internal const string Columns = $"{AtAcceptance}, {AtEnd}";

    /// <summary>Of one among many: without what may be long, and is looked at only where one is asked for.</summary>
    internal const string ShortColumns = $"{AtAcceptance}, {ShortAtEnd}, NULL, NULL";

    /// <summary>How many columns there are.</summary>
    internal static int Count => Parameters.Length;

    internal static string[] Parameters { get; } = ParametersOf(Columns);

    internal static string Placeholders { get; } = string.Join(", ", Parameters);

    /// <summary>Which deployment, and what <see cref="EndAssignments"/> takes.</summary>
    internal static string[] EndParameters { get; } = ["$sequence", "$id", .. ParametersOf(AtEnd)];

    internal static string EndAssignments { get; } =
        string.Join(", ", AtEnd.Split(", ").Select(column => $"{column} = ${column}"));

    private static readonly Dictionary<string, string> NoValues = [];

    internal static object?[] Values(DeploymentEntry entry) =>
        [
            entry.Sequence,
            entry.Id,
            entry.Service,
            entry.AcceptedAt.ToUnixTimeMilliseconds(),
            RowJson.Write(entry.Trigger),
            RowJson.Write(entry.Values),
            RowJson.WriteOrNull(entry.Unfilled),
            RowJson.WriteOrNull(entry.Unused),
            entry.ShownValues.Count > 0 ? RowJson.Write(entry.ShownValues) : null,
            entry.Followed.Count > 0 ? RowJson.Write(entry.Followed) : null,
            .. ValuesAtEnd(entry),
        ];

    internal static object?[] EndValues(DeploymentEntry entry) => [entry.Sequence, entry.Id, .. ValuesAtEnd(entry)];

    internal static DeploymentEntry Read(Row row)
    {
        var steps = RowJson.ReadSteps(row.Utf8(13));
        return new()
        {
            Sequence = row.Number(0),
            Id = row.Text(1),
            Service = row.Text(2),
            AcceptedAt = row.Time(3),
            Trigger = RowJson.ReadTrigger(row.Utf8(4)),
            Values = RowJson.ReadValues(row.Utf8(5)),
            Unfilled = RowJson.ReadNames(row.Utf8(6)),
            Unused = RowJson.ReadNames(row.Utf8(7)),
            ShownValues = row.Utf8(8) is { IsEmpty: false } shown ? RowJson.ReadValues(shown) : NoValues,
            Followed = row.Utf8(9) is { IsEmpty: false } chain ? RowJson.ReadFollowed(chain) : [],
            Status = Status(row.Text(10)),
            StartedAt = row.TimeOrNull(11),
            FinishedAt = row.TimeOrNull(12),
            Steps = Array.FindAll(steps, step => step.Hook is null),
            Hooks = Array.FindAll(steps, step => step.Hook is not null),
            SupersededBy = row.TextOrNull(14),
            Outcome = row.TextOrNull(15) is { } outcome ? Status(outcome) : null,
            NeedsRollback = row.Flag(16),
            OutputBytes = row.Number(17),
            OutputCutBytes = row.Number(18),
            InlineOutput = row.TextOrNull(19),
            OutputHeadBytes = row.NumberOrNull(20),
            HookStatus = row.TextOrNull(21) is { } hook ? Status(hook) : null,
            CancelledBy = row.TextOrNull(22),
            Duration = row.NumberOrNull(23) is { } duration ? TimeSpan.FromMilliseconds(duration) : null,
            Gate = row.Utf8(24) is { IsEmpty: false } gate ? GateJson.Read(gate) : null,
            WrittenSummary = row.TextOrNull(25),
            EncodedTimes = row.Bytes(26) is { IsEmpty: false } times ? times.ToArray() : null,
        };
    }

    internal static DeploymentStatus Status(string name) =>
        DeploymentStatuses.Parse(name) ?? throw new JsonException($"The record holds the unknown status \"{name}\".");

    private static string[] ParametersOf(string columns) => [.. columns.Split(", ").Select(column => $"${column}")];

    private static object?[] ValuesAtEnd(DeploymentEntry entry) =>
        [
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
            entry.Gate is { } gate ? GateJson.Write(gate) : null,
            entry.WrittenSummary,
            entry.EncodedTimes,
        ];
}
