using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>What a large body costs the process that holds the core, and that it is given back.</summary>
public abstract class BodyMemoryContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const int Mebibyte = 1024 * 1024;

    /// <summary>MiB. The host of Azure Functions takes no larger one.</summary>
    private const int Largest = 100;

    /// <summary>MiB. That host counts what stands round the chunks, too.</summary>
    private const int LargestChunked = Largest - 1;

    /// <summary>MiB. No larger one is read of somebody who is not let in yet, and who signs is let in by the body.</summary>
    private const int LargestSigned = 64;

    /// <summary>MiB, for what does not follow the body: compiled code, pools, buffers of connections and of the record.</summary>
    private const int Margin = 32;

    private const string ByRef = "when: {json: ref, equals: refs/heads/main}";

    private static readonly TimeSpan GivenBackWithin = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Between two requests. Behind a proxy each of them is work for three processes, and so much of it that it does not count
    /// as quiet; without one, a server on a busy machine would seem quiet.
    /// </summary>
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(IsBehindProxy ? 5 : 0);

    private static readonly Dictionary<string, string> MaximumBody = new() { ["THIN_DEPLOYER_MAX_BODY"] = "100MiB" };

    private static string Services =>
        ServiceYaml.With("raw", "", "wc -c <\"$DEPLOYMENT_PAYLOAD_FILE\"")
        + ServiceYaml.With("ruled", ByRef, "true")
        + ServiceYaml.With("searched", "request_regexp: 'refs/heads/ma[i]n'", "true")
        + ServiceYaml.With("signed", $"{ByRef}, signature: {{sender: github, secret: {LargeBody.Secret}}}", "true")
        + ServiceYaml.With(
            "webhook",
            $"{ByRef}, signature: {{sender: standard-webhooks, secret: {LargeBody.WebhookSecret}}}",
            "true"
        )
        + ServiceYaml.With("waiting", "", "until [ -e waiting.go ]; do sleep 0.02; done");

    /// <summary>
    /// A pattern is searched in the body's text, in which a character takes two bytes. Behind a proxy, only what reaches the core
    /// in another way than without.
    /// </summary>
    public static TheoryData<string, int, int> Bodies =>
        IsBehindProxy
            ? new()
            {
                { "chunked", LargestChunked, 2 },
                { "multipart", Largest, 2 },
                { "signed", LargestSigned, 2 },
            }
            : new()
            {
                { "raw", Largest, 2 },
                { "chunked", LargestChunked, 2 },
                { "json", Largest, 2 },
                { "form", Largest, 2 },
                { "multipart", Largest, 2 },
                { "signed", LargestSigned, 2 },
                { "webhook", LargestSigned, 2 },
                { "searched", Largest, 3 },
            };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_large_body_costs_little_more_than_itself_and_is_given_back(string kind, int size, int times)
    {
        await using var server = await StartOwnAsync(Services, MaximumBody);
        var first = await LargeBody.Of(kind, Mebibyte).SendAsync(server);
        Assert.True(first.Status == 202, $"{first}\n{server.Program.Transcript}");
        var rest = server.Program.MemoryMegabytes();

        var answer = await LargeBody.Of(kind, size * Mebibyte).SendAsync(server);
        var cost = server.Program.PeakMemoryMegabytes() - rest;

        Assert.Equal(202, answer.Status);
        await Eventually.IsTrueAsync(
            () => server.Program.MemoryMegabytes() <= rest + Margin,
            $"the memory of a body of {size} MiB is given back, all but {Margin} MiB beyond {rest}",
            GivenBackWithin
        );
        Assert.InRange(cost, 1, (times * size) + Margin);
    }

    [Fact]
    public async Task It_is_given_back_while_others_keep_the_server_busy()
    {
        await using var server = await StartOwnAsync(Services, MaximumBody);
        Assert.Equal(202, (await LargeBody.Of("raw", Mebibyte).SendAsync(server)).Status);
        var rest = server.Program.MemoryMegabytes();

        Assert.Equal(202, (await LargeBody.Of("raw", Largest * Mebibyte).SendAsync(server)).Status);
        using var enough = new CancellationTokenSource();
        var others = KeepBusyAsync(server, enough.Token);
        try
        {
            await Eventually.IsTrueAsync(
                () => server.Program.MemoryMegabytes() <= rest + Margin,
                $"the memory of a body of {Largest} MiB is given back to others, all but {Margin} MiB beyond {rest}",
                GivenBackWithin
            );
        }
        finally
        {
            await enough.CancelAsync();
            await others;
        }
    }

    private static async Task KeepBusyAsync(RunningServer server, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            Assert.Equal(200, (await server.AskAsync("/deployments")).Status);
            await Task.Delay(BusyPause, TimeProvider.System, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Deployments_that_wait_hold_no_bodies()
    {
        const int size = 25;
        var count = IsBehindProxy ? 8 : 20;
        await using var server = await StartOwnAsync(Services, MaximumBody);
        var body = LargeBody.Of("raw", size * Mebibyte) with { Service = "waiting" };
        Assert.Equal(202, (await LargeBody.Of("raw", Mebibyte).SendAsync(server)).Status);
        var rest = server.Program.MemoryMegabytes();

        var answers = new List<Task<Http.Answer>>();
        for (var number = 1; number <= count; number++)
        {
            answers.Add(body.SendAsync(server));
            await Eventually.IsTrueAsync(
                async () => await server.CountAsync("queued") + await server.CountAsync("running"),
                number,
                "the deployment was accepted"
            );
        }

        await Eventually.IsTrueAsync(
            () => server.Program.MemoryMegabytes() <= rest + Margin,
            $"{count} bodies of {size} MiB that wait are given back, all but {Margin} MiB beyond {rest}",
            GivenBackWithin
        );
        server.Workspace.TouchSite("waiting.go");
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal(202, answer.Status));
    }
}
