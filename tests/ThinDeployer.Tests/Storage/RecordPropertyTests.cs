using CsCheck;
using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Storage;

/// <summary>For a long search, the environment variable <c>CsCheck_Iter</c> sets the tries.</summary>
public sealed class RecordPropertyTests
{
    private const int EntriesATry = 20;

    /// <summary>Valid text: any character but half a pair, and NUL among them.</summary>
    private static readonly Gen<string> Text = Gen.OneOf(
            Gen.Char[' ', '~'].Select(character => character.ToString()),
            Gen.Char["\0\r\n\t\"'\\\u0001\u007F\u0085\u2028\uFEFF\uFFFD\uFFFFéß"]
                .Select(character => character.ToString()),
            Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32),
            Gen.Int[0x80, 0xD7FF].Select(char.ConvertFromUtf32)
        )
        .Array[0, 30]
        .Select(string.Concat);

    private static readonly Gen<DateTimeOffset> Time = Gen.Long[
            DateTimeOffset.MinValue.ToUnixTimeMilliseconds(),
            DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        ]
        .Select(DateTimeOffset.FromUnixTimeMilliseconds);

    private static readonly Gen<DeploymentStatus> Status = Gen.Enum<DeploymentStatus>();

    private static readonly Gen<StepResult> Step = Gen.Select(
            Text,
            Status,
            Gen.Int.Nullable(),
            Gen.Int,
            Text.Null(),
            Time,
            Gen.Long[0, long.MaxValue / TimeSpan.TicksPerMillisecond].Select(ms => TimeSpan.FromMilliseconds(ms))
        )
        .Select(
            (command, status, code, attempts, message, started, duration) =>
                new StepResult(command, status, code, attempts, message, started, duration)
        );

    private static readonly Gen<DeploymentTrigger> Trigger = Gen.Select(Text.Null(), Text, Text.Null())
        .Select(
            (address, method, who) =>
                new DeploymentTrigger(address, method, who) { CommitSubject = who, CommitUrl = address }
        );

    private static readonly Gen<DeploymentEntry> Beginning = Gen.Select(
            Gen.Long[1, long.MaxValue - 1],
            Gen.Guid,
            Text,
            Status,
            Time,
            Trigger,
            Gen.Dictionary(Text, Text)[0, 5]
        )
        .Select(
            (sequence, id, service, status, accepted, trigger, values) =>
                new DeploymentEntry
                {
                    Sequence = sequence,
                    Id = id.ToString(),
                    Service = service,
                    Status = status,
                    AcceptedAt = accepted,
                    Trigger = trigger,
                    Values = values,
                }
        );

    private static readonly Gen<DeploymentEntry> Entry = Gen.Select(
            Beginning,
            Gen.Select(Time.Nullable(), Time.Nullable()),
            Step.Array[0, 3],
            Gen.Select(Text.Null(), Text.Null()),
            Gen.Select(Status.Nullable(), Gen.Bool),
            Gen.Select(Gen.Long, Gen.Long)
        )
        .Select(
            (entry, times, steps, texts, outcome, bytes) =>
                entry with
                {
                    StartedAt = times.Item1,
                    FinishedAt = times.Item2,
                    Steps = steps,
                    SupersededBy = texts.Item1,
                    InlineOutput = texts.Item2,
                    Outcome = outcome.Item1,
                    NeedsRollback = outcome.Item2,
                    OutputBytes = bytes.Item1,
                    OutputCutBytes = bytes.Item2,
                    Duration = times.Item2 is null ? null : TimeSpan.FromMilliseconds(steps.Length * 1_000),
                }
        );

    [Fact]
    public async Task Whatever_is_saved_comes_back_the_same() =>
        await Entry
            .Array[1, EntriesATry]
            .SampleAsync(
                async entries =>
                {
                    await using var harness = await RecordHarness.StartAsync();
                    var distinct = entries.DistinctBy(entry => entry.Sequence).DistinctBy(entry => entry.Id).ToList();

                    await harness.AcceptAsync(distinct);

                    Assert.All(
                        distinct,
                        entry => Assert.Equal(Sample.Content(entry), Sample.Content(harness.Record.Find(entry.Id)!))
                    );
                },
                threads: 1
            );

    [Fact]
    public async Task Whatever_ends_comes_back_the_same() =>
        await Entry.SampleAsync(
            async entry =>
            {
                await using var harness = await RecordHarness.StartAsync();
                await harness.AcceptAsync(
                    entry with
                    {
                        Status = DeploymentStatus.Queued,
                        Steps = [],
                        InlineOutput = null,
                    }
                );

                await harness.Record.EndAsync(entry, keep: 1);

                Assert.Equal(Sample.Content(entry), Sample.Content(harness.Record.Find(entry.Id)!));
            },
            threads: 1
        );
}
