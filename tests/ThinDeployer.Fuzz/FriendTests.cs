using ThinDeployer.Fuzz.Requests;
using ThinDeployer.Fuzz.Serving;
using Xunit.Abstractions;

namespace ThinDeployer.Fuzz;

/// <summary>Whatever stands in a request with a right credential, it is data.</summary>
public sealed class FriendTests(ITestOutputHelper output)
{
    private const int Clients = 4;

    [Fact]
    public async Task Values_are_never_run_and_never_break_the_server()
    {
        await using var server = await FuzzedServer.StartAsync();

        FriendRequests.Deploys.Search(share: 8, request => Try(server, request), threads: Clients);

        await EndAsync(server);
    }

    [Fact]
    public async Task Questions_about_what_has_been_are_answered()
    {
        await using var server = await FuzzedServer.StartAsync();
        var id = await server.EndedAsync();

        FriendRequests
            .Questions(id)
            .Search(
                share: 3,
                question =>
                {
                    Assert.NotEqual(403, server.Send(question.Bytes, question.IsWhole)!.Status);
                },
                threads: Clients
            );

        await EndAsync(server);
    }

    private static void Try(FuzzedServer server, FriendRequest request)
    {
        var reply = server.Send(request.Case.Bytes, request.Case.IsWhole)!;

        Assert.True(reply.IsJson);
        Assert.Contains(reply.Status, (int[])[200, 202, 400]);
        Assert.False(File.Exists(server.Marker), "A value was run as code");
        if (reply.Status == 202 && request.Printed is { } printed)
        {
            Assert.EndsWith($"\n[{printed}]", reply.Json.GetProperty("output").GetString(), StringComparison.Ordinal);
        }
    }

    private async Task EndAsync(FuzzedServer server)
    {
        var seen = server.Statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}");
        output.WriteLine(string.Join(", ", seen));
        await server.IsWellAsync();
    }
}
