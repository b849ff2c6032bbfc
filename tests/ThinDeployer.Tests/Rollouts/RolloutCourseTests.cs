using CsCheck;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Tests.Rollouts;

/// <summary>How machines are put into batches, and what a rollout does next.</summary>
public sealed class RolloutCourseTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<BatchSize> Sizes = Gen.Select(
        Gen.Int[1, 100],
        Gen.Bool,
        (value, isPercent) => new BatchSize(value, isPercent)
    );

    private static readonly Gen<RolloutPlan> Plans = Gen.Select(
        Sizes.List[1, 5],
        Gen.Int[0, 3],
        Gen.Int[0, 5],
        Gen.Bool,
        (sizes, failures, pause, isManual) => Plan(sizes, failures, TimeSpan.FromSeconds(pause), isManual)
    );

    [Theory]
    [InlineData(3, "25%", "1 1 1")]
    [InlineData(3, "50%", "1 1 1")]
    [InlineData(3, "100%", "3")]
    [InlineData(4, "25%", "1 1 1 1")]
    [InlineData(7, "30%", "2 2 2 1")]
    [InlineData(10, "1 25% 100%", "1 2 7")]
    [InlineData(10, "1 25%", "1 2 2 2 2 1")]
    [InlineData(10, "3", "3 3 3 1")]
    [InlineData(10, "1 5 10", "1 5 4")]
    [InlineData(10, "20", "10")]
    [InlineData(1, "1%", "1")]
    [InlineData(99, "1%", "99x1")]
    [InlineData(200, "1% 99%", "2 198")]
    [InlineData(1000, "33%", "330 330 330 10")]
    [InlineData(0, "1", "")]
    public void A_share_is_one_of_all_machines_rounded_down_and_the_last_size_counts_on(
        int machines,
        string sizes,
        string batches
    )
    {
        var state = RolloutCourse.Begin(Plan([.. sizes.Split(' ').Select(SizeOf)]), Names(machines));

        var expected = batches == "99x1" ? string.Join(' ', Enumerable.Repeat("1", 99)) : batches;
        Assert.Equal(expected, string.Join(' ', state.Batches.Select(batch => batch.Count)));
    }

    [Fact]
    public void Every_machine_is_in_one_batch_and_their_order_is_kept() =>
        Gen.Select(Plans, Gen.Int[0, 300])
            .Sample(
                (plan, count) =>
                {
                    var names = Names(count);

                    var state = RolloutCourse.Begin(plan, names);

                    Assert.Equal(names, state.Batches.SelectMany(batch => batch));
                    Assert.DoesNotContain(state.Batches, batch => batch.Count == 0);
                }
            );

    [Fact]
    public void Named_machines_keep_their_order_and_all_of_them_go_by_name()
    {
        Assert.Equal(["b", "a"], RolloutCourse.NamesOf(Plan() with { Machines = ["b", "a"] }, ["a", "b", "c"]));
        Assert.Equal(["B", "a", "c"], RolloutCourse.NamesOf(Plan(), ["c", "a", "B"]));
    }

    [Theory]
    // Stages of one batch after the other: w waiting, b begun, s succeeded, k skipped, f failed.
    [InlineData("w|w", 0, "begin 0")]
    [InlineData("b|w", 0, "wait")]
    [InlineData("s|w", 0, "begin 1")]
    [InlineData("k|w", 0, "begin 1")]
    [InlineData("sb|ww", 0, "wait")]
    [InlineData("ss|bw", 0, "begin 1")]
    [InlineData("f|w|w", 0, "stop: 1 machine failed, and 0 may: m1")]
    [InlineData("fb|w|w", 0, "wait")]
    [InlineData("fs|w|w", 0, "stop: 1 machine failed, and 0 may: m1")]
    [InlineData("fs|w|w", 1, "begin 1")]
    [InlineData("fs|f|w", 1, "stop: 2 machines failed, and 1 may: m1, m3")]
    [InlineData("bfw|w", 0, "wait")]
    [InlineData("sfw|w", 0, "stop: 1 machine failed, and 0 may: m2")]
    [InlineData("s|s", 0, "done")]
    [InlineData("s|b", 0, "wait")]
    [InlineData("s|k", 0, "done")]
    [InlineData("s|f", 1, "done")]
    [InlineData("s|f", 0, "done: 1 machine failed, and 0 may: m2")]
    [InlineData("f|f", 5, "done: no machine succeeded")]
    [InlineData("k|k", 0, "done: no machine succeeded")]
    [InlineData("", 0, "done: no machine succeeded")]
    public void What_comes_next_follows_from_where_the_machines_stand(string stages, int maximum, string expected)
    {
        var (state, machines) = Standing(stages, Plan(failures: maximum));

        Assert.Equal(expected, Told(RolloutCourse.Next(state, machines, Now)));
    }

    [Theory]
    [InlineData("w|w", 1, "begin 0")]
    [InlineData("s|w|w", 1, "ask 1")]
    [InlineData("s|w|w", 2, "begin 1")]
    [InlineData("s|s|w", 2, "ask 2")]
    [InlineData("s|fw", 1, "stop: 1 machine failed, and 0 may: m2")]
    [InlineData("f|w", 1, "stop: 1 machine failed, and 0 may: m1")]
    [InlineData("b|w", 1, "wait")]
    [InlineData("s|s", 1, "done")]
    public void By_hand_a_batch_begins_when_so_many_are_allowed(string stages, int allowed, string expected)
    {
        var (state, machines) = Standing(stages, Plan(isManual: true));

        Assert.Equal(expected, Told(RolloutCourse.Next(state with { Allowed = allowed }, machines, Now)));
    }

    [Theory]
    [InlineData("s|w", 9, "pause 1")]
    [InlineData("s|w", 10, "begin 1")]
    [InlineData("s|w", 11, "begin 1")]
    [InlineData("w|w", 0, "begin 0")]
    [InlineData("s|s", 0, "done")]
    [InlineData("f|w", 0, "stop: 1 machine failed, and 0 may: m1")]
    public void A_pause_counts_from_the_end_of_the_last_batch(string stages, int secondsSince, string expected)
    {
        var (state, machines) = Standing(stages, Plan(pause: TimeSpan.FromSeconds(10)));

        Assert.Equal(expected, Told(RolloutCourse.Next(state, machines, Now.AddSeconds(secondsSince))));
    }

    [Fact]
    public void Not_more_names_are_told_than_fit_in_a_line()
    {
        var (state, machines) = Standing(new string('f', 12), Plan());

        var done = Assert.IsType<NextOfRollout.Done>(RolloutCourse.Next(state, machines, Now));

        Assert.EndsWith(": m1, m10, m11, m12, m2, m3, m4, m5, m6, m7, …", done.Fault, StringComparison.Ordinal);
        Assert.False(done.HasSucceeded);
    }

    [Fact]
    public void No_batch_begins_before_the_last_one_ended_or_after_too_many_failures_and_every_rollout_ends() =>
        Gen.Select(Plans, Gen.Int[0, 30], Gen.Int[0, int.MaxValue])
            .Sample((plan, count, seed) => Walk(plan, RolloutCourse.Begin(plan, Names(count)), new Random(seed)));

    /// <summary>Does what is said, with machines that end by chance, and with somebody who always says yes.</summary>
    private static void Walk(RolloutPlan plan, RolloutState state, Random chance)
    {
        var now = Now;
        var machines = MachinesOf(state, (_, _) => MachineStage.Waiting).ToArray();
        for (var turn = 0; ; turn++)
        {
            Assert.True(turn < 10_000, "It does not end.");
            switch (RolloutCourse.Next(state, machines, now))
            {
                case NextOfRollout.Begin(var batch):
                    Assert.All(machines, machine => Assert.True(machine.Batch >= batch || machine.EndedAt is not null));
                    Assert.True(FailuresOf(machines) <= plan.MaximumFailures);
                    Assert.True(!plan.IsManual || batch < state.Allowed);
                    Change(machine => machine.Batch == batch && machine.Stage is MachineStage.Waiting, Begun);
                    break;
                case NextOfRollout.Wait:
                    var running = machines.Where(machine => machine.Stage is MachineStage.Begun).ToList();
                    var one = running[chance.Next(running.Count)];
                    now = now.AddSeconds(1);
                    Change(machine => machine == one, Ended);
                    break;
                case NextOfRollout.AskManual(var batch):
                    Assert.True(plan.IsManual);
                    state = state with { Allowed = batch + 1 };
                    break;
                case NextOfRollout.Pause(var until):
                    Assert.InRange(until - now, TimeSpan.FromTicks(1), plan.Pause);
                    now = until;
                    break;
                case NextOfRollout.Stop:
                    Assert.True(FailuresOf(machines) > plan.MaximumFailures);
                    Change(machine => machine.Stage is MachineStage.Waiting, NeverBegun);
                    break;
                case NextOfRollout.Done done:
                    Assert.All(machines, machine => Assert.NotNull(machine.EndedAt));
                    Assert.Equal(
                        FailuresOf(machines) <= plan.MaximumFailures && AnySuccess(machines),
                        done.HasSucceeded
                    );
                    return;
            }
        }

        void Change(Func<MachineStanding, bool> which, Func<MachineStanding, MachineStanding> to) =>
            machines = [.. machines.Select(machine => which(machine) ? to(machine) : machine)];

        MachineStanding Ended(MachineStanding machine) =>
            With(machine, (MachineStage)chance.Next((int)MachineStage.Succeeded, (int)MachineStage.Failed + 1));

        MachineStanding NeverBegun(MachineStanding machine) => With(machine, MachineStage.Failed);

        MachineStanding With(MachineStanding machine, MachineStage stage) =>
            machine with
            {
                Stage = stage,
                EndedAt = now,
            };
    }

    private static MachineStanding Begun(MachineStanding machine) => machine with { Stage = MachineStage.Begun };

    private static int FailuresOf(MachineStanding[] machines) =>
        machines.Count(machine => machine.Stage is MachineStage.Failed);

    private static bool AnySuccess(MachineStanding[] machines) =>
        Array.Exists(machines, machine => machine.Stage is MachineStage.Succeeded);

    private static (RolloutState State, IReadOnlyList<MachineStanding> Machines) Standing(
        string stages,
        RolloutPlan plan
    )
    {
        var batches = stages.Split('|', StringSplitOptions.RemoveEmptyEntries);
        var names = Names(batches.Sum(batch => batch.Length));
        var state = RolloutCourse.Begin(
            plan with
            {
                Batches = [.. batches.Append("w").Select(batch => new BatchSize(batch.Length, IsPercent: false))],
            },
            names
        );
        return (state, [.. MachinesOf(state, (batch, place) => StageOf(batches[batch][place]))]);
    }

    private static IEnumerable<MachineStanding> MachinesOf(RolloutState state, Func<int, int, MachineStage> stageOf) =>
        state.Batches.SelectMany(
            (names, batch) =>
                names.Select(
                    (name, place) =>
                        stageOf(batch, place) is var stage && stage is MachineStage.Waiting or MachineStage.Begun
                            ? new MachineStanding(name, batch, stage, EndedAt: null)
                            : new MachineStanding(name, batch, stage, Now)
                )
        );

    private static MachineStage StageOf(char letter) =>
        letter switch
        {
            'w' => MachineStage.Waiting,
            'b' => MachineStage.Begun,
            's' => MachineStage.Succeeded,
            'k' => MachineStage.Skipped,
            _ => MachineStage.Failed,
        };

    private static string Told(NextOfRollout next) =>
        next switch
        {
            NextOfRollout.Begin(var batch) => $"begin {batch}",
            NextOfRollout.Wait => "wait",
            NextOfRollout.AskManual(var batch) => $"ask {batch}",
            NextOfRollout.Pause(var until) => $"pause {(until - Now).TotalSeconds - 9:0}",
            NextOfRollout.Stop(var reason) => $"stop: {reason}",
            NextOfRollout.Done(var fault) => fault is null ? "done" : $"done: {fault}",
            _ => throw new InvalidOperationException(),
        };

    private static BatchSize SizeOf(string text) =>
        new(int.Parse(text.TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture), text.EndsWith('%'));

    private static List<string> Names(int count) => [.. Enumerable.Range(1, count).Select(number => $"m{number}")];

    private static RolloutPlan Plan(
        IReadOnlyList<BatchSize>? sizes = null,
        int failures = 0,
        TimeSpan pause = default,
        bool isManual = false
    ) =>
        new(
            Machines: null,
            sizes ?? [new(1, IsPercent: false)],
            pause,
            isManual,
            failures,
            WhenUnavailable.Wait,
            RolloutPlan.DefaultExpire
        );
}
