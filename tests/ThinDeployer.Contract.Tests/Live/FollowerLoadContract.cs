using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Live;

/// <summary>Many followers, and one who does not read.</summary>
public abstract class FollowerLoadContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    /// <summary>The core reads alike for all. Behind a proxy that is started with the tests, each follower costs a connection more.</summary>
    private static readonly int Followers = IsBehindProxy ? 100 : 500;

    private const int Megabyte = 1024 * 1024;

    /// <summary>With all that tests, JIT and pools need by themselves.</summary>
    private const int MostMemoryMegabytes = 350;

    private static string Services =>
        ServiceYaml.Of("many", "until [ -e many.go ]; do sleep 0.02; done; head -c 500000 /dev/zero | tr '\\0' x")
        + ServiceYaml.With(
            "much",
            "max_output: 128MiB",
            "echo begins; until [ -e much.go ]; do sleep 0.02; done",
            "yes | head -c 100000000"
        );

    [Fact]
    public async Task All_followers_of_one_log_cost_one_reader_of_its_file()
    {
        await using var server = await StartOwnAsync(Services);
        var id = await BeginAsync(server, "many");
        var logs = new List<LiveLog>();
        while (logs.Count < Followers)
        {
            logs.Add(await server.FollowAsync(id));
        }

        await Task.WhenAll(logs.Select(log => log.OutputUntilAsync("many.go")));
        var before = server.Program.BytesRead();

        server.Workspace.TouchSite("many.go");
        var ends = await Task.WhenAll(logs.Select(CountAsync));
        var read = server.Program.BytesRead() - before;

        Assert.All(ends, count => Assert.Equal(500_000, count));
        // Once from the step, once from the file; and some for what a runtime reads by itself.
        Assert.InRange(read, 1_000_000, 8 * Megabyte);
        foreach (var log in logs)
        {
            await log.DisposeAsync();
        }
    }

    [Fact]
    public async Task Who_does_not_read_keeps_nobody_waiting_and_fills_no_memory()
    {
        await using var server = await StartOwnAsync(Services);
        var id = await BeginAsync(server, "much");
        await using var idle = await server.FollowAsync(id);
        await idle.OutputUntilAsync("begins");

        server.Workspace.TouchSite("much.go");
        var end = await server.EndOfAsync(id);

        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        Assert.True(end.GetProperty("outputBytes").GetInt64() > 100_000_000, end.ToString());
        Assert.InRange(server.Program.PeakMemoryMegabytes(), 1, MostMemoryMegabytes);
    }

    private static async Task<string> BeginAsync(RunningServer server, string service) =>
        (await server.DeployAtOnceAsync(service)).Json.GetProperty("id").GetString()!;

    private static async Task<int> CountAsync(LiveLog log) =>
        (await log.AllAsync()).Sum(next => next.Text.Count(character => character == 'x'));
}
