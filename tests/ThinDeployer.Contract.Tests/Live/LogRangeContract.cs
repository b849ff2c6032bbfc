using System.Globalization;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Live;

/// <summary>Parts of a log (RFC 9110, section 14).</summary>
public abstract class LogRangeContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected override string Configuration =>
        ServiceYaml.Of("site", "echo 0123456789")
        + ServiceYaml.Of("runs", "echo so far; touch runs.began; until [ -e runs.go ]; do sleep 0.02; done");

    [Theory]
    [InlineData("bytes=0-4", 0, 5)]
    [InlineData("bytes=5-", 5, null)]
    [InlineData("bytes=-3", -3, null)]
    [InlineData("bytes=0-99999", 0, null)]
    [InlineData("bytes=-99999", 0, null)]
    public async Task A_range_is_a_part_of_the_whole(string range, int from, int? to)
    {
        var (path, whole) = await LogAsync();

        var answer = await Server.GetAsync(path, ("X-Auth-Token", ServiceYaml.Token), ("Range", range));

        var start = from < 0 ? whole.Length + from : from;
        var end = to ?? whole.Length;
        Assert.Equal(206, answer.Status);
        Assert.Equal(whole[start..end], answer.Text);
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"bytes {start}-{end - 1}/{whole.Length}"),
            answer.Header("Content-Range")
        );
    }

    [Fact]
    public async Task Behind_the_end_there_is_no_range()
    {
        var (path, whole) = await LogAsync();

        var answer = await Server.GetAsync(path, ("X-Auth-Token", ServiceYaml.Token), ("Range", "bytes=99999-"));

        Assert.Equal(416, answer.Status);
        Assert.Equal($"bytes */{whole.Length}", answer.Header("Content-Range"));
        Assert.Empty(answer.Bytes);
    }

    [Theory]
    [InlineData("lines=0-4")]
    [InlineData("bytes=4-1")]
    [InlineData("bytes=x")]
    [InlineData("bytes=0-1,3-4")]
    public async Task What_is_not_understood_gets_the_whole(string range)
    {
        var (path, whole) = await LogAsync();

        var answer = await Server.GetAsync(path, ("X-Auth-Token", ServiceYaml.Token), ("Range", range));

        Assert.Equal((200, whole, "bytes"), (answer.Status, answer.Text, answer.Header("Accept-Ranges")));
    }

    [Fact]
    public async Task While_a_log_grows_its_whole_length_is_not_told()
    {
        var id = (await Server.DeployAtOnceAsync("runs")).Json.GetProperty("id").GetString()!;
        await Server.Workspace.SiteHasAsync("runs.began");

        var answer = await Server.GetAsync(
            $"/deployments/{id}/log",
            ("X-Auth-Token", ServiceYaml.Token),
            ("Range", "bytes=0-2")
        );
        Server.Workspace.TouchSite("runs.go");

        Assert.Equal((206, " # ", "bytes 0-2/*"), (answer.Status, answer.Text, answer.Header("Content-Range")));
        await Server.EndOfAsync(id);
    }

    private async Task<(string Path, string Whole)> LogAsync()
    {
        var id = (await Server.DeployAsync("site")).Json.GetProperty("id").GetString()!;
        var path = $"/deployments/{id}/log";
        return (path, (await Server.AskAsync(path)).Text);
    }
}
