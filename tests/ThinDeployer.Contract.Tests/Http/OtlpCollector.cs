using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>A collector of OpenTelemetry that takes OTLP by HTTP and JSON, on a free port; it keeps what it takes.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<OtlpRequest> _requests = new();

    private OtlpCollector(Func<int, HttpContext, Task> answer, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var text = new StreamReader(context.Request.Body, Encoding.UTF8);
            var body = await text.ReadToEndAsync(context.RequestAborted);
            _requests.Enqueue(
                new OtlpRequest(
                    context.Request.Path,
                    context.Request.ContentType,
                    context.Request.Headers["X-Key"].ToString(),
                    body
                )
            );
            await answer(_requests.Count, context);
        });
    }

    internal string Url => _app.Urls.Single();

    internal int Port => new Uri(Url).Port;

    internal IReadOnlyCollection<OtlpRequest> Requests => _requests;

    /// <summary>All spans that came, by name.</summary>
    internal ILookup<string, JsonElement> Spans =>
        _requests
            .Where(request => request.Path == "/v1/traces")
            .SelectMany(request => request.Items("Spans"))
            .ToLookup(span => span.GetProperty("name").GetString()!, StringComparer.Ordinal);

    /// <param name="answer">Given how many requests came; what it does not say is 200.</param>
    /// <param name="port">0 for any free one.</param>
    internal static async Task<OtlpCollector> StartAsync(Func<int, HttpContext, Task>? answer = null, int port = 0)
    {
        var collector = new OtlpCollector(answer ?? ((_, _) => Task.CompletedTask), port);
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>What was posted to a collector.</summary>
/// <param name="Key">The header <c>X-Key</c>; empty for none.</param>
internal sealed record OtlpRequest(string Path, string? ContentType, string Key, string Body)
{
    /// <param name="kind"><c>Spans</c> or <c>Metrics</c>.</param>
    internal IReadOnlyList<JsonElement> Items(string kind) =>
        [
            .. Root.GetProperty($"resource{kind}")
                .EnumerateArray()
                .SelectMany(resource => resource.GetProperty($"scope{kind}").EnumerateArray())
                .SelectMany(scope => scope.GetProperty(kind.ToLowerInvariant()).EnumerateArray()),
        ];

    internal JsonElement Root { get; } = Parsed(Body);

    /// <summary>The value of an attribute as it is written; null where it is not there.</summary>
    internal static string? Attribute(JsonElement of, string name) =>
        of.GetProperty("attributes")
            .EnumerateArray()
            .Where(attribute => attribute.GetProperty("key").GetString() == name)
            .Select(attribute => attribute.GetProperty("value").EnumerateObject().Single().Value.ToString())
            .SingleOrDefault();

    private static JsonElement Parsed(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.Clone();
    }
}
