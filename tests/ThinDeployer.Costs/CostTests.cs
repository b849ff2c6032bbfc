using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Costs;

/// <summary>
/// What must not grow unseen. These are counts, which are the same on every machine; none of them measures time. The
/// limits leave a third above what was counted when they were set.
/// </summary>
public sealed class CostTests
{
    private const string Configuration = $$"""
        site:
          token: {{MeasuredCore.Token}}
          pwd: FOLDER
          commands: ["true"]
        many:
          token: {{MeasuredCore.Token}}
          pwd: FOLDER
          respond: accepted
          max_queued: 1000
          commands: ["true"]
        """;

    /// <summary>Flushes of what is gathered, twice a second, however many deployments come.</summary>
    private const int OfTheAudit = 20;

    [Fact]
    public async Task A_refused_request_allocates_little()
    {
        await using var core = await MeasuredCore.StartAsync(Configuration);
        await core.BytesPerRequestAsync(Refused(500), StatusCodes.Status403Forbidden);

        var bytes = await core.BytesPerRequestAsync(Refused(2_000), StatusCodes.Status403Forbidden);

        Assert.InRange(bytes, 1, 5_500);
    }

    [Fact]
    public async Task A_deployment_allocates_little()
    {
        await using var core = await MeasuredCore.StartAsync(Configuration);
        await core.BytesPerRequestAsync(Right("site", 30), StatusCodes.Status202Accepted);

        var bytes = await core.BytesPerRequestAsync(Right("site", 100), StatusCodes.Status202Accepted);

        Assert.InRange(bytes, 1, 148_000);
    }

    /// <summary>Each is written to the write-ahead log, and copied back later.</summary>
    [Fact]
    public async Task A_deployment_writes_few_pages_and_flushes_twice()
    {
        await using var core = await MeasuredCore.StartAsync(Configuration);
        await core.BytesPerRequestAsync(Right("site", 30), StatusCodes.Status202Accepted);
        var (pages, commits) = (core.PagesWritten, core.Record.Commits);

        await core.BytesPerRequestAsync(Right("site", 100), StatusCodes.Status202Accepted);

        Assert.InRange((core.PagesWritten - pages) / 100, 1, 12);
        Assert.InRange(core.Record.Commits - commits, 1, (2 * 100) + OfTheAudit);
    }

    /// <summary>A thread that waits for another one costs both of them.</summary>
    [Fact]
    public async Task A_deployment_changes_threads_seldom()
    {
        await using var core = await MeasuredCore.StartAsync(Configuration);
        await core.BytesPerRequestAsync(Right("site", 30), StatusCodes.Status202Accepted);
        var before = MeasuredCore.Waits();

        await core.BytesPerRequestAsync(Right("site", 100), StatusCodes.Status202Accepted);

        Assert.InRange((MeasuredCore.Waits() - before) / 100, 1, 26);
    }

    [Fact]
    public async Task Deployments_that_come_together_share_flushes_of_the_disk()
    {
        const int together = 500;
        await using var core = await MeasuredCore.StartAsync(Configuration);
        var requests = Right("many", together);
        var before = core.Record.Commits;

        await Task.WhenAll(requests.Select(request => Task.Run(() => core.Routes.HandleAsync(request))));

        // A commit is one flush; the few deployments that have begun meanwhile have theirs.
        var commits = core.Record.Commits - before;
        Assert.All(requests, request => Assert.Equal(StatusCodes.Status202Accepted, request.Response.StatusCode));
        Assert.InRange(commits, 1, together / 5);
    }

    private static List<HttpContext> Refused(int count) => Requests("site", "wrong-" + MeasuredCore.Token, count);

    private static List<HttpContext> Right(string service, int count) => Requests(service, MeasuredCore.Token, count);

    private static List<HttpContext> Requests(string service, string token, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => MeasuredCore.Request(service, token))];
}
