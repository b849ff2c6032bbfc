using ThinDeployer.Deployments;
using ThinDeployer.Notifications;
using ThinDeployer.Outbox;
using ThinDeployer.Output;
using ThinDeployer.Security;
using Sample = ThinDeployer.Tests.Storage.Sample;

namespace ThinDeployer.Tests.Notifications;

/// <summary>Which change of a deployment is told, to whom, and as what.</summary>
public sealed class NotificationFeedTests
{
    [Theory]
    [InlineData("succeeded", "none", "succeeded", "")]
    [InlineData("succeeded", "succeeded", "succeeded", "")]
    [InlineData("succeeded", "failed", "succeeded", "recovered")]
    [InlineData("succeeded", "interrupted", "succeeded", "recovered")]
    [InlineData("failed", "none", "failed", "failed")]
    [InlineData("timed_out", "failed", "failed", "failed")]
    [InlineData("cancelled", "none", "failed", "failed")]
    [InlineData("interrupted", "none", "failed", "failed")]
    [InlineData("superseded", "failed", "", "")]
    public void An_end_is_told_to_who_wants_it(string status, string before, string toAll, string toMost)
    {
        var entry = Ended(status);

        Assert.Equal(toAll, Told(entry, DeploymentChange.Ended, All(), before));
        Assert.Equal(
            toMost,
            Told(entry, DeploymentChange.Ended, new NotificationTarget { Kind = Kind, Name = "" }, before)
        );
    }

    [Fact]
    public void The_original_tells_of_nothing_that_never_began()
    {
        var entry = Ended("cancelled") with { StartedAt = null };
        var seed = All() with { Kind = NotificationKinds.Seed };

        Assert.Equal("", Told(entry, DeploymentChange.Ended, seed, "none"));
        Assert.Equal("failed", Told(entry, DeploymentChange.Ended, All(), "none"));
    }

    [Theory]
    [InlineData(DeploymentStatus.Queued, DeploymentChange.Accepted, "accepted")]
    [InlineData(DeploymentStatus.Running, DeploymentChange.Accepted, "started")]
    [InlineData(DeploymentStatus.Running, DeploymentChange.Started, "started")]
    internal void A_beginning_is_told_only_where_it_is_wanted(
        DeploymentStatus status,
        DeploymentChange change,
        string told
    )
    {
        var entry = Sample.Entry(1, status: status);
        var everything = All() with { On = Enum.GetValues<NewsEvent>().ToHashSet() };

        Assert.Equal(told, Told(entry, change, everything, "none"));
        Assert.Equal("", Told(entry, change, All(), "none"));
    }

    [Theory]
    [InlineData(DeploymentStatus.Succeeded, "")]
    [InlineData(DeploymentStatus.Failed, "failed")]
    internal void The_rollback_after_a_crash_is_told_only_where_it_failed(DeploymentStatus hook, string told)
    {
        var entry = Ended("interrupted");
        var ended = entry with
        {
            Hooks = [entry.Steps[0] with { Hook = "on_failure", Status = hook }],
            HookStatus = hook,
        };

        Assert.Equal(told, Told(ended, DeploymentChange.Ended, All(), "none"));
    }

    [Theory]
    [InlineData(0, "", false)]
    [InlineData(2, "two\nthree\n", true)]
    [InlineData(3, "one\ntwo\nthree\n", false)]
    [InlineData(9, "one\ntwo\nthree\n", false)]
    public void So_many_lines_of_the_output_are_told(int lines, string output, bool isCut)
    {
        var item = Assert.Single(
            Items(
                Ended("failed"),
                DeploymentChange.Ended,
                All() with
                {
                    OutputLines = lines,
                },
                "none",
                "one\n\u001b[31mtwo\u001b[0m\nthree\n"
            )
        );

        var news = News.Read(item.Content)!;
        Assert.Equal((output, isCut), (news.Output, news.IsCut));
    }

    [Fact]
    public void An_output_that_can_not_be_read_keeps_nothing_from_being_told()
    {
        var feed = new NotificationFeed(_ => [Notifier(All())], _ => "{}");

        var items = feed.ItemsOf(
            new ChangedDeployment(
                Ended("failed"),
                DeploymentChange.Ended,
                () => throw new RecordUnavailableException(),
                () => throw new IOException()
            )
        );

        Assert.Contains("can't be read", News.Read(Assert.Single(items).Content)!.Output, StringComparison.Ordinal);
    }

    private static INotificationKind Kind => NotificationKinds.Parse("webhook")!;

    /// <summary>All ends.</summary>
    private static NotificationTarget All() =>
        new()
        {
            Kind = Kind,
            Name = "all",
            Url = KeptSecret.OfText("https://example.org/"),
            On = new HashSet<NewsEvent> { NewsEvent.Succeeded, NewsEvent.Failed },
        };

    private static DeploymentEntry Ended(string status) =>
        Sample.Ended(1, status: DeploymentStatuses.Parse(status)!.Value);

    private static string Told(
        DeploymentEntry entry,
        DeploymentChange change,
        NotificationTarget target,
        string before
    ) =>
        string.Join(
            ' ',
            Items(entry, change, target, before, "").Select(item => News.Read(item.Content)!.Event.Name())
        );

    private static IReadOnlyList<OutboxItem> Items(
        DeploymentEntry entry,
        DeploymentChange change,
        NotificationTarget target,
        string before,
        string output
    ) =>
        new NotificationFeed(_ => [Notifier(target)], _ => "{}").ItemsOf(
            new ChangedDeployment(
                entry,
                change,
                () =>
                    DeploymentStatuses.Parse(before) is { } last
                        ? new LastEnd(Sequence: 0, Sample.Id(99), last, SucceededAt: null)
                        : null,
                () => OutputContent.Of(output)
            )
        );

    private static Notifier Notifier(NotificationTarget target) =>
        new(target, new OutboxHttp(TimeProvider.System), _ => null, TimeProvider.System);
}
