using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>What was deployed, as an address on a free port: each of its paths answers in a way of its own.</summary>
internal sealed class StandInShop
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);

    private StandInShop()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
        _app.Start();
    }

    /// <summary>The one of all tests, as long as they run: configurations name it.</summary>
    internal static StandInShop Shared { get; } = new();

    internal string Url => _app.Urls.Single();

    /// <summary>How often a path was asked for, and its query.</summary>
    internal int Asked(string target) => _asked.GetValueOrDefault(target);

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var times = _asked.AddOrUpdate(path + context.Request.QueryString, 1, (_, before) => before + 1);
        switch (path.Split('/')[1])
        {
            case "up":
                await context.Response.WriteAsync("the shop is up, naïvely");
                break;
            case "third-time":
                context.Response.StatusCode = times < 3 ? 503 : 200;
                break;
            case "here":
                context.Response.Redirect("/up");
                break;
            case "away":
                context.Response.Redirect($"http://127.0.0.2:{context.Request.Host.Port}/up?away");
                break;
            case "round":
                context.Response.Redirect(path);
                break;
            case "slow":
                await UntilGoneAsync(context);
                break;
            case "endless":
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.WriteAsync(new string('x', 10_000), context.RequestAborted);
                }

                break;
            case "trickle":
                await context.Response.WriteAsync("x");
                await context.Response.Body.FlushAsync();
                await UntilGoneAsync(context);
                break;
            case "broken":
                context.Abort();
                break;
            default:
                context.Response.StatusCode = 503;
                break;
        }
    }

    private static async Task UntilGoneAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
