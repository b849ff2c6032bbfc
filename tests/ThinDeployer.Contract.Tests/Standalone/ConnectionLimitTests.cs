using ThinDeployer.Contract.Tests.Guarding;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What a connection may cost before anybody is known.</summary>
public sealed class ConnectionLimitTests(SharedServer<StandaloneServer> shared) : HostContract<StandaloneServer>(shared)
{
    private const string Right = $"X-Auth-Token: {ServiceYaml.Token}";

    protected override string Configuration => ServiceYaml.Of("site", "true");

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(150, 10)]
    public async Task Headers_that_are_too_long_or_too_many_are_refused(int count, int length)
    {
        var headers = Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('x', length)}");

        var answer = await Server.SendRawAsync(RawRequest.Get("/", [.. headers]));

        Assert.Equal(431, answer.Status);
    }

    [Fact]
    public async Task A_request_line_that_is_too_long_is_refused()
    {
        var answer = await Server.SendRawAsync(RawRequest.Get($"/?{new string('x', 20_000)}"));

        Assert.Equal(414, answer.Status);
    }

    [Fact]
    public async Task The_longest_value_fits_even_where_each_byte_is_encoded()
    {
        var value = string.Concat(Enumerable.Repeat("%41", 4 * 1024));

        var answer = await Server.SendRawAsync(RawRequest.Get($"/deploy/site?name={value}", Right));

        Assert.Equal(202, answer.Status);
    }

    [Fact]
    public async Task A_body_that_stops_coming_is_given_up()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(RawRequest.Head("POST", "/deploy/site", Right, "Content-Length: 100000") + "x");

        Assert.Equal(408, (await connection.ReadAnswerAsync()).Status);
    }

    [Fact]
    public async Task Headers_that_stop_coming_are_given_up_and_so_is_who_says_nothing()
    {
        await using var silent = await Server.ConnectAsync();
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync("GET / HTTP/1.1\nHost: localhost\nX-Slow: ");

        Assert.Equal(408, (await connection.ReadAnswerAsync()).Status);
        Assert.Equal("", await silent.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System));
    }

    [Fact]
    public async Task A_thousand_connections_that_say_nothing_keep_nobody_out()
    {
        var stranger = new Stranger(Server);
        var silent = new List<RawHttp>();
        for (var i = 0; i < 1_000; i++)
        {
            silent.Add(await stranger.ConnectAsync());
        }

        Assert.Equal(202, (await Server.DeployAsync("site")).Status);
        foreach (var connection in silent)
        {
            await connection.DisposeAsync();
        }
    }
}
