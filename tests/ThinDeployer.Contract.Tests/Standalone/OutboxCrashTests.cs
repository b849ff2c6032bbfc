using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Watching;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What is told where the server is killed again and again while the chat takes only a part of it.</summary>
public sealed class OutboxCrashTests
{
    private const int Rounds = 8;
    private const int Each = 5;

    [Fact]
    public async Task Each_end_is_told_and_only_the_one_on_its_way_twice()
    {
        var count = 0;
        await using var chat = await WebhookReceiver.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref count) % 3 == 0 ? 503 : StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        var workspace = new Workspace();
        workspace.Write(
            "deployer.yml",
            ServiceYaml.With(
                "loud",
                $"respond: accepted, notify: [{{to: webhook, url: '{chat.Url}', on: [succeeded], output: 0}}]",
                "true"
            )
        );
        var start = new ProgramStart(new StandaloneServer(), workspace);
        var server = await RunningServer.StartAsync(start);
        var ids = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < Each; i++)
            {
                ids.Add((await server.DeployAsync("loud")).Json.GetProperty("id").GetString()!);
            }

            // At another moment in each round: between the accept of the first and the telling of the last.
            await Eventually.IsTrueAsync(() => chat.Requests.Count >= round, "the chat is told");
            server = await server.CrashAndRestartAsync(start);
        }

        await using var last = server;
        var ends = await Task.WhenAll(ids.Select(last.EndOfAsync));
        await WaitingOutbox.EmptyAsync(last);

        var wanted = ends.Where(end => end.GetProperty("status").GetString() == "succeeded").Select(IdOf).ToHashSet();
        Assert.Superset(wanted, chat.Messages.Select(IdOfMessage).ToHashSet());
        Assert.Equal(wanted.Order(), chat.Messages.Select(IdOfMessage).Distinct().Order());

        // Of those that came twice though they were taken the first time, there is one for each crash at most.
        var refused = count / 3;
        Assert.InRange(chat.Messages.Count - wanted.Count, 0, refused + Rounds);
    }

    private static string IdOf(JsonElement deployment) => deployment.GetProperty("id").GetString()!;

    private static string IdOfMessage(JsonElement message) =>
        IdOf(message.GetProperty("data").GetProperty("deployment"));
}
