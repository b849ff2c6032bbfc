using ThinDeployer.Notifications;

namespace ThinDeployer.Tests.Notifications;

public sealed class NotificationKindsTests
{
    [Fact]
    public void Each_kind_is_found_by_its_name() =>
        Assert.All(NotificationKinds.All, kind => Assert.Same(kind, NotificationKinds.Parse(kind.Name)));

    [Fact]
    public void Another_word_names_none() => Assert.Null(NotificationKinds.Parse("pigeon"));

    [Fact]
    public void The_message_of_the_original_is_counted_as_slack_but_not_meant_by_it()
    {
        Assert.Equal("slack", NotificationKinds.Seed.Name);
        Assert.NotSame(NotificationKinds.Seed, NotificationKinds.Parse("slack"));
    }

    [Fact]
    public void Only_a_program_gets_json() =>
        Assert.Equal(["webhook"], NotificationKinds.All.Where(kind => kind.SendsJson).Select(kind => kind.Name));

    [Fact]
    public void No_kind_needs_what_it_takes_besides() =>
        Assert.All(NotificationKinds.All, kind => Assert.Equal(NotifyKeys.None, kind.Needs & kind.Takes));
}
