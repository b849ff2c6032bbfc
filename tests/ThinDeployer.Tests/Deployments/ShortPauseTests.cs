using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Deployments;

/// <summary>The pause that lets output gather.</summary>
public sealed class ShortPauseTests
{
    private const int Pauses = 200;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Who_pauses_again_and_again_goes_on_each_time(int patience)
    {
        var pause = new ShortPause(TimeSpan.FromMilliseconds(patience));
        var passed = 0;

        for (; passed < Pauses; passed++)
        {
            await pause.PassAsync().WaitAsync(Limit);
        }

        Assert.Equal(Pauses, passed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task All_who_pause_at_once_go_on(int patience)
    {
        var pause = new ShortPause(TimeSpan.FromMilliseconds(patience));
        var passed = 0;

        await Parallel
            .ForAsync(
                0,
                Pauses,
                async (_, _) =>
                {
                    await pause.PassAsync();
                    Interlocked.Increment(ref passed);
                }
            )
            .WaitAsync(Limit);

        Assert.Equal(Pauses, passed);
    }
}
