using System.Globalization;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Paging;

/// <summary>What a page that is open is told.</summary>
public abstract partial class ChangesContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    /// <summary>Streams of one session.</summary>
    private const int Most = 50;

    private const string Wait =
        "touch $DEPLOYMENT_SERVICE.began; until [ -e $DEPLOYMENT_SERVICE.go ]; do sleep 0.02; done";

    private const string AlsoHere = "also-here";

    protected override string Configuration =>
        ServiceYaml.Of("site", "true") + ServiceYaml.Of("other", "true") + ServiceYaml.Of("waits", Wait);

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) => PageSession.Settings;

    [Theory]
    [InlineData("")]
    [InlineData("queue")]
    [InlineData("deployments")]
    [InlineData("services/site")]
    public async Task What_happens_between_a_page_and_its_stream_is_told(string path)
    {
        var session = await PageSession.BeginAsync(Server, ServiceYaml.Token);
        var page = await session.GetAsync($"/ui/{path}");

        await Server.DeployAsync("site");

        await using var stream = await OpenAsync(session, Events.Match(page.Text).Groups["path"].Value);
        Assert.Equal("changed", (await stream.NextAsync())?.Type);
    }

    [Fact]
    public async Task Who_comes_back_is_told_what_was_missed_and_nothing_twice()
    {
        var session = await PageSession.BeginAsync(Server, ServiceYaml.Token);
        await using var first = await OpenAsync(session, "/ui/events?after=0");
        var last = (await first.NextAsync())!.Id!;

        await Server.DeployAsync("site");

        await using var second = await OpenAsync(session, "/ui/events?after=0", ("Last-Event-ID", last));
        var next = (await second.NextAsync())!.Id!;
        Assert.True(Number(next) > Number(last), $"{next} > {last}");
        await using var third = await OpenAsync(session, "/ui/events?after=0", ("Last-Event-ID", next));
        await Server.DeployAsync("other");
        Assert.True(Number((await third.NextAsync())!.Id!) > Number(next));
    }

    /// <summary>Its numbers mean nothing to this one.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("9000000000000000000")]
    public async Task A_page_of_an_earlier_run_looks_again(string after)
    {
        await using var stream = await Server.OpenAsync(HttpMethod.Get, $"/ui/events?after={after}");

        Assert.Equal("changed", (await stream.NextAsync())?.Type);
    }

    [Fact]
    public async Task A_reload_is_told_and_what_happens_to_a_service_that_it_added()
    {
        var before = ServiceYaml.Of("site", "true");
        await using var server = await StartOwnAsync(before, PageSession.Settings);
        var session = await PageSession.BeginAsync(server, ServiceYaml.Token);
        await using var stream = await OpenAsync(session, "/ui/events");

        server.Workspace.Write("deployer.yml", before + ServiceYaml.Of(AlsoHere, Wait));
        Assert.Equal("changed", (await stream.NextAsync())?.Type);
        Assert.Contains(AlsoHere, (await session.GetAsync("/ui/")).Text, StringComparison.Ordinal);
        await server.DeployAtOnceAsync(AlsoHere);
        Assert.Equal("changed", (await stream.NextAsync())?.Type);
        server.Workspace.TouchSite($"{AlsoHere}.go");
    }

    [Fact]
    public async Task One_session_has_so_many_streams_and_no_more()
    {
        var session = await PageSession.BeginAsync(Server, ServiceYaml.Token);
        var id = (await Server.DeployAtOnceAsync("waits")).Json.GetProperty("id").GetString();
        string[] paths = ["/ui/events", $"/ui/deployments/{id}/events"];
        var streams = new List<LiveLog>();
        while (streams.Count < Most)
        {
            streams.Add(await OpenAsync(session, paths[streams.Count % 2]));
        }

        var refused = await Task.WhenAll(paths.Select(session.GetAsync));
        var another = await PageSession.BeginAsync(Server, ServiceYaml.Token);
        await using var allowed = await OpenAsync(another, paths[1]);
        Server.Workspace.TouchSite("waits.go");
        await streams[1].AllAsync();
        await using var later = await OpenAsync(session, paths[1]);

        Assert.All(streams.Append(allowed).Append(later), stream => Assert.Equal(200, stream.Status));
        Assert.All(refused, answer => Assert.Equal((503, "10"), (answer.Status, answer.Header("Retry-After"))));
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    private static Task<LiveLog> OpenAsync(
        PageSession session,
        string path,
        params (string Name, string Value)[] headers
    ) => session.Server.OpenAsync(HttpMethod.Get, path, [session.CookieHeader, .. headers]);

    private static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);

    [GeneratedRegex("data-events=\"(?<path>[^\"]+)\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Events { get; }
}
