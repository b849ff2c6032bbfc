using ThinDeployer.Deployments;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Tests.Deployments;

public sealed class LanesTests
{
    private const long Most = Lanes.MaximumWaitingBytes;

    private readonly Lanes _lanes = new(maximumRunning: 1, _ => null);
    private readonly DeploymentPlan _plan = SampleCall.Plan(
        new QueuePolicy(1, WhenBusy.Queue, MaximumWaiting: 9, AnswersAtOnce: false, Lock: null)
    );
    private readonly DeploymentPlan _rollout;
    private long _sequence;

    public LanesTests() =>
        _rollout = _plan with
        {
            Rollout = new RolloutPlan(
                Machines: null,
                [new BatchSize(1, IsPercent: false)],
                TimeSpan.Zero,
                IsManual: true,
                MaximumFailures: 0,
                WhenUnavailable.Wait,
                RolloutPlan.DefaultExpire
            ),
        };

    [Theory]
    [InlineData(Most, 1, false)]
    [InlineData(Most - 10, 10, true)]
    [InlineData(Most - 10, 11, false)]
    [InlineData(0, Most, true)]
    public void The_bodies_that_wait_have_a_limit_together(long waiting, long next, bool isTaken)
    {
        Enter(bytes: Most);
        Enter(waiting);

        Assert.Equal(isTaken, _lanes.Refusal("site", _plan, next, isGated: false) is null);
    }

    [Fact]
    public void One_that_is_larger_than_all_may_be_waits_alone()
    {
        Enter(bytes: 0);

        Assert.Null(_lanes.Refusal("site", _plan, Most + 1, isGated: false));
    }

    [Fact]
    public void What_has_left_counts_no_longer()
    {
        Enter(bytes: 0);
        var waits = Enter(Most);

        _lanes.Of("site").Leave(waits);

        Assert.Null(_lanes.Refusal("site", _plan, Most, isGated: false));
    }

    [Fact]
    public void A_rollout_takes_no_place_of_what_runs_here()
    {
        var rollout = Enter("fleet", _rollout);
        var here = Enter("site", _plan);

        Assert.Null(_lanes.WhyWaits(rollout));
        Assert.Null(_lanes.WhyWaits(here));
    }

    [Fact]
    public void A_rollout_waits_for_no_place()
    {
        Enter("site", _plan);

        var rollout = Enter("fleet", _rollout);

        Assert.Null(_lanes.WhyWaits(rollout));
        Assert.Null(_lanes.OnlyOneInFrontOf(rollout));
        _lanes.End(rollout);
        Assert.IsType<WaitReason.Limit>(_lanes.WhyWaits(Enter("other", _plan)));
    }

    [Fact]
    public void Who_waits_for_the_only_place_waits_for_no_rollout()
    {
        Enter("fleet", _rollout);
        var here = Enter("site", _plan);

        Assert.Same(here, _lanes.OnlyOneInFrontOf(Enter("other", _plan)));
    }

    private Deployment Enter(long bytes) => Enter("site", _plan, bytes);

    private Deployment Enter(string service, DeploymentPlan plan, long bytes = 0)
    {
        var entry = Storage.Sample.Entry(++_sequence) with { Service = service };
        var deployment = Deployment.Restored(
            entry with
            {
                Trigger = entry.Trigger with { PayloadBytes = bytes },
            },
            plan,
            new MemoryRecord()
        );
        _lanes.Enter(deployment);
        return deployment;
    }
}
