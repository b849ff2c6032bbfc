using System.Diagnostics;
using ThinDeployer.Steps;

namespace ThinDeployer.Tests.Deployments;

public sealed class LiveProcessTests
{
    [Fact]
    public void Another_process_that_got_the_number_since_is_left_alone()
    {
        using var sleep = Process.Start("sleep", ["60"]);
        var seen = LiveProcess.Find(sleep.Id)!;

        var earlier = (seen with { StartTime = seen.StartTime - 1 }).Signal(PosixSignals.Kill);
        var isAlive = !LiveProcess.Find(sleep.Id)!.IsZombie;

        Assert.Equal((false, true), (earlier, isAlive));
        Assert.True(seen.Signal(PosixSignals.Kill));
        sleep.WaitForExit();
    }
}
