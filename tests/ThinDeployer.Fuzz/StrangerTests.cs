using CsCheck;
using ThinDeployer.Fuzz.Requests;
using ThinDeployer.Fuzz.Serving;
using Xunit.Abstractions;

namespace ThinDeployer.Fuzz;

/// <summary>Whatever a stranger sends, it is answered, it opens nothing, and the server serves on.</summary>
public sealed class StrangerTests(ITestOutputHelper output)
{
    /// <summary>At once; most of them wait.</summary>
    private const int Clients = 4;

    private const int LookEvery = 100;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Requests_of_odd_parts_let_nobody_in(bool hidesServices) =>
        SearchAsync(StrangerRequests.Built, share: 7, hidesServices);

    [Fact]
    public Task Requests_with_odd_bytes_let_nobody_in() =>
        SearchAsync(StrangerRequests.Spoilt, share: 8, hidesServices: false);

    private async Task SearchAsync(Gen<RawCase> requests, int share, bool hidesServices)
    {
        await using var server = await FuzzedServer.StartAsync(hidesServices);
        var count = 0;

        requests.Search(
            share,
            request =>
            {
                Try(server, request);
                if (Interlocked.Increment(ref count) % LookEvery == 0)
                {
                    server.ServesAsync().GetAwaiter().GetResult();
                }
            },
            threads: Clients
        );

        var seen = server.Statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}");
        output.WriteLine($"{count} requests; {string.Join(", ", seen)}");
        await server.IsWellAsync();
        Assert.Superset(new HashSet<int> { 400, 403, 404, 405 }, server.Statuses.Keys.ToHashSet());
    }

    private static void Try(FuzzedServer server, RawCase request)
    {
        if (request.IsCut)
        {
            Exchange.Cut(server.Address, request.Bytes);
            return;
        }

        var reply = server.Send(request.Bytes, request.IsWhole);

        // What anyone may have.
        Assert.True(
            reply?.Status is null or 204 or >= 400 || reply is { Status: 200, Text: "{\"message\": \"pong\"}" },
            $"{reply?.Status} {reply?.Text}"
        );
    }
}
