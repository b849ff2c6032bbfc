using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>How much of a body is taken, and at which point of the decisions.</summary>
public abstract class BodyLimitContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const int Limit = 64 * 1024;
    private const string Right = $"X-Auth-Token: {ServiceYaml.Token}";
    private const string Wrong = "X-Auth-Token: wrong";
    private const string Form = "Content-Type: application/x-www-form-urlencoded";

    protected override string Configuration => ServiceYaml.Of("site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string> { ["THIN_DEPLOYER_MAX_BODY"] = "64KiB" };

    [Theory]
    [InlineData(Right)]
    [InlineData(Wrong)]
    [InlineData(Form)]
    public async Task A_body_that_announces_too_much_is_refused_before_it_is_sent(string header)
    {
        var answer = await Server.SendRawAsync(
            Announced(RawRequest.Head("POST", "/deploy/site", header, $"Content-Length: {Limit + 1}"))
        );

        Assert.Equal(413, answer.Status);
        Assert.NotEmpty(answer.Message);
        Assert.Equal("site", answer.Json.GetProperty("serviceName").GetString());
    }

    [Fact]
    public async Task A_length_beyond_all_numbers_of_a_machine_is_no_way_round()
    {
        var answer = await Server.SendRawAsync(
            RawRequest.Head("POST", "/deploy/site", Right, "Content-Length: 9223372036854775807")
        );

        Assert.Equal(413, answer.Status);
    }

    [Theory]
    [InlineData(Right)]
    [InlineData(Form)]
    public async Task A_body_that_turns_out_too_large_is_refused_while_it_comes(string header)
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(RawRequest.Head("POST", "/deploy/site", header, "Transfer-Encoding: chunked"));

        await connection.SendAsync($"10001\n{new string('x', Limit + 1)}\n" + RestOf("0\n\n"));

        Assert.Equal(413, (await connection.ReadAnswerAsync()).Status);
    }

    [Fact]
    public async Task A_body_as_large_as_the_limit_is_taken()
    {
        using var whole = new ByteArrayContent(new byte[Limit]);
        var answer = await Server.DeployAsync("site", whole);

        Assert.Equal(202, answer.Status);
    }

    [Fact]
    public async Task A_chunked_body_as_large_as_the_limit_is_taken()
    {
        await using var connection = await Server.ConnectAsync();

        await connection.SendAsync(
            RawRequest.Head("POST", "/deploy/site", Right, "Transfer-Encoding: chunked")
                + $"10000\n{new string('x', Limit)}\n0\n\n"
        );

        Assert.Equal(202, (await connection.ReadAnswerAsync()).Status);
    }

    [Fact]
    public async Task An_unknown_service_is_told_before_a_large_body_is()
    {
        var answer = await Server.SendRawAsync(
            Announced(RawRequest.Head("POST", "/deploy/unknown", Right, $"Content-Length: {Limit + 1}"))
        );

        Assert.Equal(404, answer.Status);
    }

    [Fact]
    public async Task A_stranger_is_refused_before_the_body_is_read()
    {
        var answer = await Server.SendRawAsync(
            Announced(
                RawRequest.Head(
                    "POST",
                    "/deploy/site",
                    Wrong,
                    "Content-Type: application/json",
                    $"Content-Length: {Limit}"
                )
            )
        );

        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task A_body_that_never_comes_whole_runs_nothing_and_harms_nobody()
    {
        await using (var connection = await Server.ConnectAsync())
        {
            await connection.SendAsync(RawRequest.Head("POST", "/deploy/site", Right, "Content-Length: 100"));
            await connection.SendAsync(Encoding.ASCII.GetBytes("only this"));
        }

        Assert.Equal(202, (await Server.DeployAsync("site")).Status);
    }

    [Theory]
    [InlineData("no size\nx\n0\n\n")]
    [InlineData("-1\nx\n0\n\n")]
    [InlineData("FFFFFFFFFFFFFFFFFF\nx\n0\n\n")]
    [InlineData("5\nmore than five\n0\n\n")]
    public async Task A_body_in_broken_chunks_is_refused_and_harms_nobody(string chunks)
    {
        var answer = await Server.SendRawAsync(
            RawRequest.Head("POST", "/deploy/site", Right, "Transfer-Encoding: chunked") + chunks
        );

        // The host's own proxy refuses it before the core sees it: by 500 where the function was called already.
        Assert.Contains(answer.Status, IsBehindProxy ? (int[])[400, 500] : [400]);
        Assert.Equal(IsBehindProxy ? null : "no-store", answer.Header("Cache-Control"));
        Assert.Equal(202, (await Server.DeployAsync("site")).Status);
    }
}
