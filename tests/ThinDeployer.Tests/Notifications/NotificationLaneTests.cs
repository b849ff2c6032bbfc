using ThinDeployer.Notifications;

namespace ThinDeployer.Tests.Notifications;

public sealed class NotificationLaneTests
{
    [Fact]
    public void It_keeps_the_order_and_counts_once_what_found_no_room()
    {
        var lane = new NotificationLane<int>();
        var taken = Enumerable.Range(0, NotificationLane<int>.MaximumWaiting + 3).Count(lane.TryAdd);

        Assert.True(lane.TryTake(out var first, out var dropped));
        Assert.True(lane.TryTake(out var second, out var later));

        Assert.Equal(NotificationLane<int>.MaximumWaiting, taken);
        Assert.Equal((0, 1), (first, second));
        Assert.Equal((3, 0), (dropped, later));
    }
}
