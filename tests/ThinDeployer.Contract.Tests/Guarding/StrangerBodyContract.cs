using System.Security.Cryptography;
using System.Text;
using ThinDeployer.Contract.Tests.Deploying;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Guarding;

/// <summary>How much of a body is taken from somebody who is not let in yet.</summary>
public abstract class StrangerBodyContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const int FormLimit = 64 * 1024;
    private const int Budget = 64 * 1024 * 1024;
    private const int Large = 1024 * 1024;
    private const string Secret = "a-signing-secret-with-32-letters";
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Right = $"X-Auth-Token: {ServiceYaml.Token}";

    protected override string Configuration => ServiceYaml.Of("site", "true");

    [Fact]
    public async Task A_form_of_64_KiB_may_hold_the_token()
    {
        var start = $"token={ServiceYaml.Token}&rest=";

        var answer = await Server.SendRawAsync(
            RawRequest.Post("/deploy/site", start + new string('x', FormLimit - start.Length), Form)
        );

        Assert.Equal(202, answer.Status);
    }

    [Fact]
    public async Task A_larger_one_is_not_read_to_look_for_it()
    {
        var answer = await Server.SendRawAsync(
            Announced(RawRequest.Head("POST", "/deploy/site", Form, $"Content-Length: {FormLimit + 1}"))
        );

        Refusal.AssertOf(answer, "site");
    }

    [Fact]
    public async Task One_that_turns_out_larger_is_read_no_further()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(RawRequest.Head("POST", "/deploy/site", Form, "Transfer-Encoding: chunked"));

        await connection.SendAsync(
            $"20000\ntoken={ServiceYaml.Token}&".PadRight("20000\n".Length + FormLimit + 1, 'x')
        );
        await connection.SendAsync(RestOf(new string('x', FormLimit - 1) + "\n0\n\n"));

        Refusal.AssertOf(await connection.ReadAnswerAsync(), "site");
    }

    [Fact]
    public async Task Whose_token_stands_in_the_head_may_send_a_large_one()
    {
        var answer = await Server.SendRawAsync(
            RawRequest.Post("/deploy/site", $"rest={new string('x', 2 * FormLimit)}", Form, Right)
        );

        Assert.Equal(202, answer.Status);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    public async Task A_compressed_one_is_refused_before_it_comes(string encoding)
    {
        var answer = await Server.SendRawAsync(
            Announced(
                RawRequest.Head("POST", "/deploy/site", Right, $"Content-Encoding: {encoding}", "Content-Length: 100")
            )
        );

        Assert.Equal(415, answer.Status);
        Assert.Equal("identity", answer.Header("Accept-Encoding"));
        Assert.Equal("site", answer.Json.GetProperty("serviceName").GetString());
    }

    [Theory]
    [InlineData("gzip, chunked", 415)]
    [InlineData("chunked", 202)]
    [InlineData("Chunked", 202)]
    public async Task One_that_is_compressed_on_the_way_is_refused_too(string coding, int status)
    {
        var head = RawRequest.Head("POST", "/deploy/site", Right, $"Transfer-Encoding: {coding}");

        var answer = await Server.SendRawAsync(head + "0\r\n\r\n");

        Assert.Equal(status == 415 && IsBehindProxy ? 202 : status, answer.Status);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity")]
    [InlineData("")]
    public async Task One_that_is_what_it_is_passes(string encoding)
    {
        var answer = await Server.SendRawAsync(
            RawRequest.Post("/deploy/site", "{}", Right, $"Content-Encoding: {encoding}")
        );

        Assert.Equal(202, answer.Status);
    }

    [Fact]
    public async Task Who_fills_the_64_MiB_keeps_out_large_bodies_of_its_own_only_and_is_counted()
    {
        const string keys = $"pwd: site, signature: {{sender: github, secret: {Secret}}}";
        await using var server = await StartOwnAsync(
            ServiceYaml.Bare("site", keys, "true") + ServiceYaml.Of("token", "true"),
            new Dictionary<string, string> { ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "20" }
        );
        var (stranger, other) = (new Stranger(server), new Stranger(server));
        // More than fit: a proxy may keep some of what it got.
        var held = new byte[Large];
        var connections = new List<RawHttp>();
        for (var i = 0; i < (Budget / Large) + 8; i++)
        {
            await HoldAsync();
        }

        await Eventually.IsTrueAsync(HoldUntilFullAsync, 503, "no room is left");
        Assert.Equal(202, await PostAsync(stranger, FormLimit));
        Assert.Equal(202, await PostAsync(other, Large));
        using var large = new ByteArrayContent(held);
        Assert.Equal(202, (await server.DeployAsync("token", large)).Status);

        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }

        await Eventually.IsTrueAsync(async () => await PostAsync(stranger, 2 * Large), 429, "its bodies were failures");
        Assert.Equal(202, await PostAsync(stranger, FormLimit));
        Assert.Equal(202, await PostAsync(other, Large));

        async Task HoldAsync()
        {
            connections.Add(await stranger.ConnectAsync());
            await connections[^1].SendAsync(SignedHead($"{0:x64}", held.Length + 1));
            await connections[^1].SendAsync(held);
        }

        // Where sending them all takes long, the first are too slow by then.
        async Task<int> HoldUntilFullAsync()
        {
            var status = await PostAsync(stranger, 4 * Large);
            if (status != 503)
            {
                await HoldAsync();
            }

            return status;
        }
    }

    private static string SignedHead(string code, int length) =>
        RawRequest.Head("POST", "/deploy/site", $"X-Hub-Signature-256: sha256={code}", $"Content-Length: {length}");

    /// <summary>A body with a right signature.</summary>
    private static async Task<int> PostAsync(Stranger from, int length)
    {
        var body = new byte[length];
        var code = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));
        await using var connection = await from.ConnectAsync();
        await connection.SendAsync(SignedHead(code, length));
        await connection.SendAsync(body);
        return (await connection.ReadAnswerAsync()).Status;
    }
}
