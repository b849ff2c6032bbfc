using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>The API of a forge, on a free port: it keeps what it is asked, and answers as a test says.</summary>
internal sealed class StandInForge : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ForgeRequest> _requests = new();

    private StandInForge(Func<ForgeRequest, ForgeAnswer> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync();
            var raw = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            var request = new ForgeRequest(
                context.Request.Method,
                raw,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
                body.Length > 0 ? JsonElement.Parse(body) : default
            );
            _requests.Enqueue(request);
            var told = answer(request);
            context.Response.StatusCode = told.Status;
            foreach (var (name, value) in told.Headers ?? [])
            {
                context.Response.Headers[name] = value;
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(told.Json);
        });
    }

    internal string Url => _app.Urls.Single();

    internal IReadOnlyCollection<ForgeRequest> Requests => _requests;

    internal static async Task<StandInForge> StartAsync(Func<ForgeRequest, ForgeAnswer>? answer = null)
    {
        var forge = new StandInForge(answer ?? (_ => new ForgeAnswer(201, "{}")));
        await forge._app.StartAsync();
        return forge;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

internal sealed record ForgeRequest(
    string Method,
    string Target,
    IReadOnlyDictionary<string, string> Headers,
    JsonElement Body
)
{
    internal string? Text(string member) =>
        Body.ValueKind is JsonValueKind.Object && Body.TryGetProperty(member, out var value) ? value.ToString() : null;
}

internal sealed record ForgeAnswer(int Status, string Json, Dictionary<string, string>? Headers = null);
