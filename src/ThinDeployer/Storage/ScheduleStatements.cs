using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>Writes how far schedules have come.</summary>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class ScheduleStatements(RecordConnection connection)
#pragma warning restore CA1001
{
    private readonly Statement _save = new(
        connection,
        "INSERT OR REPLACE INTO schedule_runs (service, schedule, due_at) VALUES ($service, $schedule, $at)",
        "$service",
        "$schedule",
        "$at"
    );

    private readonly Statement _forget = new(
        connection,
        "DELETE FROM schedule_runs WHERE service = $service AND schedule = $schedule",
        "$service",
        "$schedule"
    );

    internal void Save(ScheduleMark mark) =>
        _save.Run(mark.Service, mark.Schedule, mark.DueAt.ToUnixTimeMilliseconds());

    internal void Forget(ScheduleMark mark) => _forget.Run(mark.Service, mark.Schedule);
}
