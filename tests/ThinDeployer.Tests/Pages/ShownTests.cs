using ThinDeployer.Deployments;
using ThinDeployer.Pages;

namespace ThinDeployer.Tests.Pages;

public sealed class ShownTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);

    [Theory]
    [InlineData("-00:00:05", "just now")]
    [InlineData("00:00:59", "just now")]
    [InlineData("00:01:00", "1 min ago")]
    [InlineData("00:59:59", "59 min ago")]
    [InlineData("01:00:00", "1 h ago")]
    [InlineData("23:59:59", "23 h ago")]
    [InlineData("1.00:00:00", "yesterday")]
    [InlineData("2.00:00:00", "2 days ago")]
    [InlineData("400.00:00:00", "400 days ago")]
    public void An_age_is_told_roughly(string ago, string text) =>
        Assert.Equal(
            text,
            Shown.Ago(Now - TimeSpan.Parse(ago, System.Globalization.CultureInfo.InvariantCulture), Now)
        );

    [Theory]
    [InlineData(4, "0.00 s")]
    [InlineData(420, "0.42 s")]
    [InlineData(1500, "1.5 s")]
    [InlineData(12_900, "12 s")]
    [InlineData(60_000, "1 min")]
    [InlineData(185_000, "3 min 5 s")]
    [InlineData(7_800_000, "2 h 10 min")]
    [InlineData(90_000_000, "1 d 1 h")]
    public void A_time_has_two_units_at_most(long milliseconds, string text) =>
        Assert.Equal(text, Shown.Span(milliseconds));

    [Theory]
    [InlineData("refs/heads/feature/x", "feature/x")]
    [InlineData("refs/tags/v1", "v1")]
    [InlineData("main", "main")]
    public void A_branch_is_told_without_what_all_begin_with(string written, string shown) =>
        Assert.Equal(shown, Shown.Ref(written));

    [Fact]
    public void A_rollout_that_waits_between_batches_says_for_which() =>
        Assert.Equal(
            "waits for an approval of batch 2 of 3",
            Shown.Reason(
                // What it is is not looked at.
                new WaitingDeployment(Deployment: null!, Ahead: 0, new WaitReason.Batch(2, 3)),
                _ => true
            )
        );

    [Fact]
    public void How_a_deployment_stands_is_another_text_after_each_change_of_a_machine()
    {
        DeploymentStatus[] course =
        [
            DeploymentStatus.Waiting,
            DeploymentStatus.Queued,
            DeploymentStatus.Running,
            DeploymentStatus.Failed,
        ];

        var told = course.Select(status => Shown.Standing(Whole(status, DeploymentStatus.Succeeded))).ToList();

        Assert.Equal("1 waiting 1 succeeded", told[0]);
        Assert.Equal(told.Count, told.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void How_a_deployment_stands_tells_the_batch_that_waits_and_how_much_is_noted()
    {
        var seen = Whole(DeploymentStatus.Queued) with { WaitsFor = new WaitReason.Batch(2, 3) };
        seen = seen with { Machines = [.. seen.Machines.Select(one => one with { Note = "web-1 is away" })] };

        Assert.Equal("1 queued before 2 noted 1", Shown.Standing(seen));
    }

    [Fact]
    public void How_a_deployment_stands_that_waits_for_its_turn_is_its_place() =>
        Assert.Equal("3", Shown.Standing(new SeenDeployment(Entry(DeploymentStatus.Queued), QueuedAhead: 3, null)));

    [Fact]
    public void One_without_machines_has_nothing_in_place_of_its_steps() =>
        Assert.Null(OnMachines.AsStep(Entry(DeploymentStatus.Running), []));

    [Fact]
    public void The_output_of_all_machines_stands_as_the_whole_does()
    {
        var step = OnMachines.AsStep(
            Entry(DeploymentStatus.Failed),
            Whole(DeploymentStatus.Failed, DeploymentStatus.Succeeded).Machines
        );

        Assert.Equal(("Output of 2 machines", DeploymentStatus.Failed), (step!.Command, step.Status));
    }

    private static SeenDeployment Whole(params DeploymentStatus[] machines) =>
        new(Entry(DeploymentStatus.Running), QueuedAhead: null, WaitsFor: null)
        {
            Machines =
            [
                .. machines.Select(status => new SeenDeployment(Entry(status), QueuedAhead: null, WaitsFor: null)),
            ],
        };

    private static DeploymentEntry Entry(DeploymentStatus status) =>
        new()
        {
            Sequence = 1,
            Id = "01a22e85-fb9a-79d2-b6c4-3ce520be65a7",
            Service = "shop",
            Status = status,
            AcceptedAt = Now,
            Trigger = new DeploymentTrigger("127.0.0.1", "POST", Who: null),
            Values = new Dictionary<string, string>(),
        };
}
