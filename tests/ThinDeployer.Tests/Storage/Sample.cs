using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Storage;

/// <summary>Entries to save.</summary>
internal static class Sample
{
    internal static DateTimeOffset Noon { get; } = new(2026, 3, 4, 12, 0, 0, 123, TimeSpan.Zero);

    internal static DeploymentEntry Entry(
        long sequence,
        string service = "shop",
        DeploymentStatus status = DeploymentStatus.Queued
    ) =>
        new()
        {
            Sequence = sequence,
            Id = Id(sequence),
            Service = service,
            Status = status,
            AcceptedAt = Noon,
            Trigger = new DeploymentTrigger("192.0.2.7", "POST", "ci"),
            Values = new Dictionary<string, string> { ["branch"] = "main" },
            ShownValues = new Dictionary<string, string> { ["branch"] = "main", ["key"] = "***" },
            Unfilled = ["tag"],
            Unused = ["tga", "zzz"],
        };

    /// <summary>One that was queued and begins.</summary>
    internal static DeploymentEntry Begins(string id, DateTimeOffset at) =>
        Entry(sequence: 1, status: DeploymentStatus.Running) with
        {
            Id = id,
            StartedAt = at,
        };

    internal static DeploymentEntry Ended(
        long sequence,
        string service = "shop",
        DeploymentStatus status = DeploymentStatus.Succeeded
    ) =>
        Entry(sequence, service, status) with
        {
            StartedAt = Noon.AddSeconds(1),
            FinishedAt = Noon.AddSeconds(3),
            Steps =
            [
                new StepResult(
                    "git pull",
                    status,
                    ExitCode: 0,
                    Attempts: 1,
                    Message: null,
                    Noon.AddSeconds(1),
                    TimeSpan.FromMilliseconds(1_500)
                ),
            ],
            CancelledBy = "ada",
            EncodedTimes = [0, 0, 28, 101],
            WrittenSummary = "released 1.2 🎉\n",
            OutputBytes = 70_000,
            OutputCutBytes = 5,
        };

    /// <summary>One whose rollback ended so.</summary>
    internal static DeploymentEntry RolledBack(long sequence, string service, DeploymentStatus hook) =>
        Ended(sequence, service, DeploymentStatus.Failed) with
        {
            Hooks = [Back with { Status = hook }],
            HookStatus = hook,
        };

    /// <summary>A step of a rollback.</summary>
    internal static StepResult Back { get; } =
        new(
            "./back.sh",
            DeploymentStatus.Interrupted,
            ExitCode: null,
            Attempts: 1,
            "The server ended",
            Noon.AddSeconds(3),
            TimeSpan.FromMilliseconds(20),
            OutputStart: 40,
            OutputEnd: 50,
            Hook: "on_failure"
        );

    /// <summary>A step that runs.</summary>
    internal static StepResult Begun { get; } =
        new(
            "make",
            DeploymentStatus.Running,
            ExitCode: null,
            Attempts: 1,
            Message: null,
            Noon.AddSeconds(2),
            Duration: null,
            OutputStart: 28
        );

    internal static string Id(long sequence) => new Guid((int)sequence, 1, 2, new byte[8]).ToString();

    /// <summary>An entry as one value: records compare their lists by reference.</summary>
    internal static object?[] Content(DeploymentEntry entry) =>
        [
            entry with
            {
                Values = NoValues,
                Steps = NoSteps,
                Hooks = NoSteps,
                ShownValues = NoValues,
                Unfilled = NoNames,
                Unused = NoNames,
                EncodedTimes = null,
            },
            .. entry.Values.OrderBy(value => value.Key, StringComparer.Ordinal).Cast<object>(),
            .. entry.Steps,
            .. entry.Hooks,
            string.Join(' ', entry.ShownValues),
            string.Join(' ', entry.Unfilled),
            string.Join(' ', entry.Unused),
            string.Join(' ', entry.EncodedTimes ?? []),
        ];

    private static readonly Dictionary<string, string> NoValues = [];
    private static readonly StepResult[] NoSteps = [];
    private static readonly string[] NoNames = [];
}
