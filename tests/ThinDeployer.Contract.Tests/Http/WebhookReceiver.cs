using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>A chat's incoming webhook, on a free port; it keeps what is posted to it.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<JsonElement> _messages = new();

    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();

    private WebhookReceiver(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            _messages.Enqueue(body.RootElement.Clone());
            _requests.Enqueue(
                new ReceivedRequest(
                    context.Request.Path,
                    context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
                    body.RootElement.GetRawText()
                )
            );
            await answer(context);
        });
    }

    /// <summary>An address on it, with a secret part as Slack's have.</summary>
    internal string Url => $"{_app.Urls.Single()}/services/T000/secret-part";

    /// <summary>The keys of a service that tells this address.</summary>
    internal static string KeysFor(string url) => $"use_notification: true, notification_webhook_url: '{url}'";

    internal IReadOnlyCollection<JsonElement> Messages => _messages;

    internal IReadOnlyCollection<ReceivedRequest> Requests => _requests;

    /// <param name="answer">What it answers; nothing said is 200.</param>
    internal static async Task<WebhookReceiver> StartAsync(RequestDelegate? answer = null)
    {
        var receiver = new WebhookReceiver(answer ?? (_ => Task.CompletedTask));
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

internal sealed record ReceivedRequest(string Path, IReadOnlyDictionary<string, string> Headers, string Body);
