using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Deployments;

public sealed class LanesTests
{
    private const long Most = Lanes.MaximumWaitingBytes;

    private readonly Lanes _lanes = new(maximumRunning: 1, _ => null);
    private readonly DeploymentPlan _plan = SampleCall.Plan(
        new QueuePolicy(1, WhenBusy.Queue, MaximumWaiting: 9, AnswersAtOnce: false, Lock: null)
    );
    private long _sequence;

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

    private Deployment Enter(long bytes)
    {
        var entry = Storage.Sample.Entry(++_sequence) with { Service = "site" };
        var deployment = Deployment.Restored(
            entry with
            {
                Trigger = entry.Trigger with { PayloadBytes = bytes },
            },
            _plan,
            new MemoryRecord()
        );
        _lanes.Enter(deployment);
        return deployment;
    }
}
