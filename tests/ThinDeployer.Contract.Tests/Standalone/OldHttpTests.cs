using System.Globalization;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>HTTP/1.0, as nginx speaks it unless told otherwise: no end but the connection's, and bodies without a length are none.</summary>
public sealed class OldHttpTests(SharedServer<StandaloneServer> shared) : HostContract<StandaloneServer>(shared)
{
    private const string Right = $"X-Auth-Token: {ServiceYaml.Token}";
    private const string AsText = "Accept: text/plain";

    protected override string Configuration =>
        ServiceYaml.Of("site", "echo good")
        + ServiceYaml.Of("fails", "printf 'no end'; exit 3")
        + ServiceYaml.With("hurried", "respond: accepted", "echo output")
        + ServiceYaml.With("posted", "request_regexp: deploy-me", "true");

    [Theory]
    [InlineData("")]
    [InlineData("Connection: keep-alive")]
    public async Task A_post_without_a_length_has_no_body(string header)
    {
        var answer = await SendAsync(Post("/deploy/site", Right, header));

        Assert.StartsWith("HTTP/1.1 202 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"succeeded\"", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task It_may_come_byte_by_byte()
    {
        await using var connection = await Server.ConnectAsync();
        foreach (var letter in Post("/deploy/site", Right))
        {
            await connection.SendAsync(letter.ToString());
        }

        Assert.StartsWith("HTTP/1.1 202 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_this_path_does_not_know_is_told_as_it_was_sent()
    {
        var answer = await SendAsync("PUT /deploy/site HTTP/1.0\n\n");

        Assert.StartsWith("HTTP/1.1 405 ", answer, StringComparison.Ordinal);
        await Eventually.IsTrueAsync(
            () => Server.Program.Output.Text.Contains(" PUT /deploy/site 405 ", StringComparison.Ordinal),
            "the log names the method"
        );
    }

    [Theory]
    [InlineData("PoST /deploy/site HTTP/1.0")]
    [InlineData("PoST /deploy/site HTTP/1.1\nHost: localhost")]
    public async Task A_method_is_never_read_without_its_case(string line)
    {
        var answer = await SendAsync($"{line}\n{Right}\nConnection: close\n\n");

        Assert.StartsWith("HTTP/1.1 405 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 9\n\ndeploy-me")]
    [InlineData("Transfer-Encoding: chunked\n\n9\ndeploy-me\n0\n\n")]
    public async Task A_body_with_a_length_is_read(string lengthAndBody)
    {
        var answer = await SendAsync($"POST /deploy/posted HTTP/1.0\n{Right}\n{lengthAndBody}");

        Assert.StartsWith("HTTP/1.1 202 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_follows_a_request_is_no_second_one()
    {
        var answer = await SendAsync(Post("/deploy/site", Right, "Connection: keep-alive") + RawRequest.Get("/"));

        Assert.Single(answer.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Text_is_whole_and_its_status_says_that_it_succeeded()
    {
        var answer = await SendAsync(Post("/deploy/site", Right, AsText));

        Assert.StartsWith("HTTP/1.1 202 ", answer, StringComparison.Ordinal);
        Assert.EndsWith(
            "\r\n\r\n # Deployment started: site\n > echo good\ngood\n # Deployment succeeded: site\n",
            answer,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Text_is_whole_and_its_status_says_that_it_failed()
    {
        var answer = await SendAsync(Post("/deploy/fails", Right, AsText));

        Assert.StartsWith("HTTP/1.1 500 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/plain; charset=utf-8\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("failed with exit code 3\n # Deployment failed: fails\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_is_waited_for_where_the_service_answers_at_once()
    {
        var answer = await SendAsync(Post("/deploy/hurried", Right, AsText));

        Assert.EndsWith(" # Deployment succeeded: hurried\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.0 proxy", 500)]
    [InlineData("1.1 near, 1.0 far", 500)]
    [InlineData("1.1 proxy", 202)]
    public async Task A_proxy_may_say_that_its_client_speaks_it(string via, int status)
    {
        var answer = await SendAsync(
            RawRequest.Head("POST", "/deploy/fails", Right, AsText, $"Via: {via}", "Connection: close")
        );

        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} "),
            answer,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_rerun_is_answered_alike()
    {
        var id = (await Server.DeployAsync("fails")).Json.GetProperty("id").GetString();

        var answer = await SendAsync(Post($"/deployments/{id}/rerun", Right, AsText));

        Assert.StartsWith("HTTP/1.1 500 ", answer, StringComparison.Ordinal);
        Assert.EndsWith(" # Deployment failed: fails\n", answer, StringComparison.Ordinal);
    }

    private static string Post(string path, params string[] headers) =>
        $"POST {path} HTTP/1.0\n{string.Concat(headers.Where(header => header.Length > 0).Select(header => header + "\n"))}\n";

    private async Task<string> SendAsync(string request)
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(request);
        return await connection.ReadToEndAsync();
    }
}
