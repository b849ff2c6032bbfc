using ThinDeployer.Output;

namespace ThinDeployer.Tests.Output;

/// <summary>The pause that lets output gather; where its thread has no patience, it ends and begins all the time.</summary>
public sealed class ShortPauseTests
{
    private const int Pauses = 200;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Who_pauses_again_and_again_goes_on_each_time_and_not_at_once(int patience)
    {
        var pause = new ShortPause(TimeSpan.FromMilliseconds(patience));
        var begin = TimeProvider.System.GetTimestamp();

        for (var i = 0; i < Pauses; i++)
        {
            await pause.PassAsync().WaitAsync(Limit);
        }

        // Half of what it must be.
        Assert.InRange(TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds, Pauses / 2, double.MaxValue);
    }

    [Fact]
    public async Task Who_comes_just_when_the_thread_loses_patience_goes_on()
    {
        var pause = new ShortPause(TimeSpan.FromMilliseconds(1));

        for (var i = 0; i < 5 * Pauses; i++)
        {
            await pause.PassAsync().WaitAsync(Limit);

            // From a little before it does to a little after.
            var later = TimeSpan.FromMicroseconds(900 + (i % Pauses * 3));
            var since = TimeProvider.System.GetTimestamp();
            SpinWait.SpinUntil(() => TimeProvider.System.GetElapsedTime(since) >= later);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task All_who_pause_at_once_go_on(int patience)
    {
        var pause = new ShortPause(TimeSpan.FromMilliseconds(patience));

        var all = Task.WhenAll(Enumerable.Range(0, Pauses).Select(_ => Task.Run(pause.PassAsync)));

        await all.WaitAsync(Limit);
    }
}
