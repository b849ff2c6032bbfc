namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>Waits for what another process will do, by looking again and again, with a bound.</summary>
public static class Eventually
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    /// <summary>A question costs the other process more than a look, and often what it is waited for needs that time.</summary>
    private static readonly TimeSpan AskAgainAtLast = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Generous, because it is only used up when a test fails: on a machine that is busy with other things, the start of a
    /// server was seen to take more than half a minute.
    /// </summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(90);

    /// <summary>Waits until a number that another process tells is the wanted one.</summary>
    public static async Task IsTrueAsync(Func<Task<int>> count, int wanted, string what)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var pause = LookAgain;
        while (await count() is var now && now != wanted)
        {
            if (TimeProvider.System.GetElapsedTime(begin) > Limit)
            {
                throw new TimeoutException($"It is {now}, not {wanted}, after {Limit.TotalSeconds:0} s: {what}");
            }

            await Task.Delay(pause, TimeProvider.System, CancellationToken.None);
            pause = pause * 2 < AskAgainAtLast ? pause * 2 : AskAgainAtLast;
        }
    }

    public static Task IsTrueAsync(Func<bool> condition, string what) => IsTrueAsync(condition, what, Limit);

    /// <param name="condition">Looked at until it holds.</param>
    /// <param name="what">For who reads that it never did.</param>
    /// <param name="limit">For what is promised within another time than <see cref="Limit"/>.</param>
    public static async Task IsTrueAsync(Func<bool> condition, string what, TimeSpan limit)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(begin) > limit)
            {
                throw new TimeoutException($"It did not come to this in {limit.TotalSeconds:0} s: {what}");
            }

            await Task.Delay(LookAgain, TimeProvider.System, CancellationToken.None);
        }
    }
}
