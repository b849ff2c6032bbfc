using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Watching;
using Xunit.Abstractions;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>
/// What is told where the server is killed again and again while the chat takes only a part of it. Longer by hand:
/// <c>THIN_DEPLOYER_CRASH_ROUNDS</c> says how often (CONTRIBUTING.md, "Searches").
/// </summary>
public sealed class OutboxCrashTests(ITestOutputHelper output)
{
    private const int UsualRounds = 8;
    private const int Each = 5;

    private static readonly int Rounds = int.TryParse(
        Environment.GetEnvironmentVariable("THIN_DEPLOYER_CRASH_ROUNDS"),
        CultureInfo.InvariantCulture,
        out var rounds
    )
        ? rounds
        : UsualRounds;

    [EnoughTimeFact]
    public async Task Each_end_is_told_and_each_crash_repeats_only_the_one_on_its_way()
    {
        var count = 0;
        var taken = new ConcurrentQueue<string>();
        RunningServer? doomed = null;
        await using var chat = await WebhookReceiver.StartAsync(context =>
        {
            var isTaken = Interlocked.Increment(ref count) % 3 != 0;
            context.Response.StatusCode = isTaken ? StatusCodes.Status200OK : 503;
            if (isTaken)
            {
                taken.Enqueue(context.Request.Headers["webhook-id"].ToString());
                if (Interlocked.Exchange(ref doomed, null) is { } hit)
                {
                    context.Response.OnCompleted(() =>
                    {
                        hit.Program.Signal(PosixSignal.Kill);
                        return Task.CompletedTask;
                    });
                }
            }

            return Task.CompletedTask;
        });
        var workspace = new Workspace();
        workspace.Write(
            "deployer.yml",
            ServiceYaml.With(
                "loud",
                $"keep: 10000, respond: accepted, notify: [{{to: webhook, url: '{chat.Url}', on: [succeeded], output: 0}}]",
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

            // Half of them at any moment, and half when the chat has taken one that the record still has.
            if (round % 2 == 0)
            {
                var running = server;
                Volatile.Write(ref doomed, running);
                await Eventually.IsTrueAsync(() => running.Program.HasExited, "it is killed where it hurts");
            }

            server = await server.CrashAndRestartAsync(start);
        }

        await using var last = server;
        await CheckAsync(last, ids, taken, count - taken.Count);
    }

    private async Task CheckAsync(RunningServer last, List<string> ids, ConcurrentQueue<string> taken, int inVain)
    {
        var ends = await Task.WhenAll(ids.Select(last.EndOfAsync));
        await WaitingOutbox.EmptyAsync(last);

        var wanted = ends.Where(end => end.GetProperty("status").GetString() == "succeeded").Select(IdOf).Order();
        var times = taken.Select(id => id.Split('.')[0]).CountBy(id => id).ToDictionary();
        Assert.Equal(wanted, times.Keys.Order());

        // One that is on its way again may be hit by the next crash, too.
        Assert.InRange(times.Sum(one => one.Value - 1), 0, Rounds);

        // The same message has the same number, so that who gets it twice can know.
        Assert.Equal(times.Count, taken.Distinct().Count());
        output.WriteLine(
            $"{Rounds} crashes: {ids.Count} accepted, {times.Count} succeeded and told, "
                + $"{times.Count(one => one.Value > 1)} of them more than once, {inVain} tries in vain"
        );
    }

    private static string IdOf(JsonElement deployment) => deployment.GetProperty("id").GetString()!;

    /// <summary>More rounds than usual take as long as they take.</summary>
    private sealed class EnoughTimeFactAttribute : LimitedFactAttribute
    {
        public EnoughTimeFactAttribute()
        {
            if (Rounds > UsualRounds)
            {
                Timeout = 0;
            }
        }
    }
}
