using System.Globalization;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What the web server refuses before there is a request is answered, and logged, as any other refusal.</summary>
public sealed class ServerRefusalTests(SharedServer<StandaloneServer> shared) : HostContract<StandaloneServer>(shared)
{
    private const string Secret = "do-not-log-this-token";

    protected override string Configuration => ServiceYaml.Of("site", "true");

    public static TheoryData<string, int, string> Refused =>
        new()
        {
            { $"GET /deploy/site?token={Secret}  HTTP/1.1\n\n", 400, "The request is not valid HTTP" },
            { "nonsense\n\n", 400, "The request is not valid HTTP" },
            { "GET / HTTP/1.1\n\n", 400, "The request is not valid HTTP" },
            { "GET / HTTP/1.1\nHost: localhost\nNo colon\n\n", 400, "The request is not valid HTTP" },
            {
                $"GET /deploy/site HTTP/1.1\nHost: localhost\nX-Auth Token: {Secret}\n\n",
                400,
                "The request is not valid HTTP"
            },
            {
                "POST /deploy/site HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked, x\n\n",
                400,
                "The request is not valid HTTP"
            },
            {
                "POST /deploy/site HTTP/1.1\nHost: localhost\nContent-Length: +2\n\n{}",
                400,
                "The request is not valid HTTP"
            },
            {
                "POST /deploy/site HTTP/1.1\nHost: localhost\nContent-Length: -1\n\n",
                400,
                "The request is not valid HTTP"
            },
            { "GET / HTTP/3.7\nHost: localhost\n\n", 505, "This version of HTTP is not known here" },
            { RawRequest.Get($"/?{new string('x', 20_000)}"), 414, "The request line is too long" },
            { RawRequest.Get("/", $"X: {new string('x', 40_000)}"), 431, "The headers are too many or too long" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task It_is_told_as_json_and_in_one_line_of_the_log(string request, int status, string message)
    {
        var before = LinesWith(message);

        var answer = await Server.SendRawAsync(request);

        Assert.Equal((status, message), (answer.Status, answer.Message));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal("close", answer.Header("Connection"));
        await Eventually.IsTrueAsync(() => LinesWith(message) > before, "the refusal is in the log");
        Assert.Equal(before + 1, LinesWith(message));
        var line = Server.Program.Output.Lines.Last(entry => entry.Contains(message, StringComparison.Ordinal));
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $" {status} ({message}) for 127.0.0.1"),
            line,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(Secret, Server.Program.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_told_after_good_requests_of_the_same_connection()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(RawRequest.Get("/"));
        var good = await connection.ReadAnswerAsync();
        await connection.SendAsync("nonsense\n\n");

        var refused = await connection.ReadAnswerAsync();

        Assert.Equal("pong", good.Message);
        Assert.Equal((400, "The request is not valid HTTP"), (refused.Status, refused.Message));
    }

    [Fact]
    public async Task Who_sends_too_slowly_is_told_so()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync("GET / HTTP/1.1\nHost: localhost\nX-Slow: ");

        var answer = await connection.ReadAnswerAsync();

        Assert.Equal((408, "The request did not come in time"), (answer.Status, answer.Message));
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked, chunked")]
    [InlineData("Transfer-Encoding: chunked\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: Chunked,,chunked")]
    public async Task A_body_in_chunks_of_chunks_is_told_so_and_ends_the_connection(string headers)
    {
        var head = RawRequest.Head(
            "POST",
            "/deploy/site",
            [$"X-Auth-Token: {ServiceYaml.Token}", .. headers.Split('\n')]
        );

        var answer = await Server.SendRawAsync(head + "0\n\n");

        Assert.Equal((400, "The request is not valid HTTP"), (answer.Status, answer.Message));
        Assert.Equal("close", answer.Header("Connection"));
    }

    [Fact]
    public async Task A_body_in_bad_chunks_is_told_so()
    {
        var head = RawRequest.Head(
            "POST",
            "/deploy/site",
            $"X-Auth-Token: {ServiceYaml.Token}",
            "Transfer-Encoding: chunked"
        );

        var answer = await Server.SendRawAsync(head + "no size\n");

        Assert.Equal((400, "The request is not valid HTTP"), (answer.Status, answer.Message));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    private int LinesWith(string text) =>
        Server.Program.Output.Lines.Count(line => line.Contains($"({text}) for ", StringComparison.Ordinal));
}
