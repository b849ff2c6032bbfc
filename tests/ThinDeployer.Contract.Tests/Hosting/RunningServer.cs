using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>A started host that listens, with its own workspace.</summary>
public sealed partial class RunningServer : IAsyncDisposable
{
    private readonly HttpClient _client;

    private RunningServer(StartedProgram program, Workspace workspace, Uri address)
    {
        Program = program;
        Workspace = workspace;
        Address = address;
        _client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
            }
        )
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromMinutes(2),
        };
    }

    public StartedProgram Program { get; }

    public Workspace Workspace { get; }

    public Uri Address { get; }

    /// <summary>Starts the program and learns from its log where it listens.</summary>
    /// <param name="start">The workspace becomes the server's.</param>
    public static async Task<RunningServer> StartAsync(ProgramStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var program = StartedProgram.Start(start);
        try
        {
            await Eventually.IsTrueAsync(
                () => AddressOf(program) is not null || program.HasExited,
                "the server listens"
            );
            return new RunningServer(program, start.Workspace, AddressOf(program)!);
        }
        catch (Exception exception) when (exception is TimeoutException or ArgumentNullException)
        {
            await program.DisposeAsync();
            start.Workspace.Dispose();
            throw new InvalidOperationException($"The server did not start.\n{program.Transcript}", exception);
        }
    }

    public Task<Answer> GetAsync(string pathAndQuery, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, pathAndQuery, content: null, headers);

    /// <summary>Deploys with the token that <see cref="ServiceYaml"/> gives.</summary>
    /// <param name="serviceAndQuery">Such as <c>site?name=value</c>.</param>
    /// <param name="content">The body, if there is to be one.</param>
    public Task<Answer> DeployAsync(string serviceAndQuery, HttpContent? content = null) =>
        SendAsync(HttpMethod.Post, $"/deploy/{serviceAndQuery}", content, ("X-Auth-Token", ServiceYaml.Token));

    /// <summary>Deploys and does not wait: the answer has the id.</summary>
    public Task<Answer> DeployAtOnceAsync(string serviceAndQuery) =>
        SendAsync(
            HttpMethod.Post,
            $"/deploy/{serviceAndQuery}",
            content: null,
            ("X-Auth-Token", ServiceYaml.Token),
            ("Prefer", "respond-async")
        );

    /// <summary>Asks for the history and state of deployments.</summary>
    public Task<Answer> AskAsync(string pathAndQuery) => GetAsync(pathAndQuery, ("X-Auth-Token", ServiceYaml.Token));

    /// <summary>Follows the log of a deployment by events.</summary>
    /// <param name="id">Of the deployment.</param>
    /// <param name="last">The id of the last event that was seen before; null to begin at the start.</param>
    public Task<LiveLog> FollowAsync(string id, string? last = null) =>
        OpenAsync(
            HttpMethod.Get,
            $"/deployments/{id}/log",
            [("Accept", "text/event-stream"), .. last is null ? [] : new[] { ("Last-Event-ID", last) }]
        );

    /// <summary>Deploys, and reads the output while it runs.</summary>
    public Task<LiveLog> StreamAsync(string serviceAndQuery) =>
        OpenAsync(HttpMethod.Post, $"/deploy/{serviceAndQuery}", ("Accept", "text/plain"));

    /// <summary>Sends a request with the token of these tests, or a cookie, and reads its answer while it grows.</summary>
    public Task<LiveLog> OpenAsync(HttpMethod method, string pathAndQuery, params (string Name, string Value)[] headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var request = new HttpRequestMessage(method, pathAndQuery);
        (string, string)[] token = headers.Any(header => header.Name == "Cookie")
            ? []
            : [("X-Auth-Token", ServiceYaml.Token)];
        foreach (var (name, value) in headers.Concat(token))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return LiveLog.OpenAsync(_client, request);
    }

    /// <summary>Cancels a deployment, or runs it again.</summary>
    /// <param name="path">Such as <c>ID/cancel</c>.</param>
    public Task<Answer> ControlAsync(string path) =>
        SendAsync(HttpMethod.Post, $"/deployments/{path}", content: null, ("X-Auth-Token", ServiceYaml.Token));

    /// <summary>How many deployments have this status.</summary>
    public async Task<int> CountAsync(string status) =>
        (await AskAsync($"/deployments?status={status}&limit=200")).Json.GetProperty("deployments").GetArrayLength();

    /// <summary>Waits until a deployment has ended.</summary>
    public async Task<JsonElement> EndOfAsync(string id)
    {
        var deployment = default(JsonElement);
        await Eventually.IsTrueAsync(
            async () =>
            {
                deployment = (await AskAsync($"/deployments/{id}")).Json;
                return deployment.GetProperty("status").GetString() is "waiting" or "queued" or "running" ? 0 : 1;
            },
            1,
            $"deployment {id} ended"
        );
        return deployment;
    }

    /// <summary>Ends the program as a crash would, and starts another on what it left.</summary>
    /// <param name="start">Of the other.</param>
    /// <param name="between">What happens while none is there; null for nothing.</param>
    public async Task<RunningServer> CrashAndRestartAsync(ProgramStart start, Func<Task>? between = null)
    {
        Program.Signal(PosixSignal.Kill);
        await Program.ExitAsync();
        _client.Dispose();
        await Program.DisposeAsync();
        await (between?.Invoke() ?? Task.CompletedTask);
        return await StartAsync(start);
    }

    public async Task<Answer> SendAsync(
        HttpMethod method,
        string pathAndQuery,
        HttpContent? content,
        params (string Name, string Value)[] headers
    )
    {
        ArgumentNullException.ThrowIfNull(headers);
        using var request = new HttpRequestMessage(method, pathAndQuery) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _client.SendAsync(request);
        return new Answer(
            (int)response.StatusCode,
            AllHeaders(response),
            await response.Content.ReadAsByteArrayAsync()
        );
    }

    /// <summary>A connection of its own, for what no HTTP client would send.</summary>
    public Task<RawHttp> ConnectAsync() => RawHttp.ConnectAsync(Address);

    /// <summary>Sends one request as it stands and reads its answer.</summary>
    public async Task<Answer> SendRawAsync(string request)
    {
        await using var connection = await ConnectAsync();
        await connection.SendAsync(request);
        return await connection.ReadAnswerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Program.DisposeAsync();
        Workspace.Dispose();
    }

    private static Dictionary<string, string> AllHeaders(HttpResponseMessage response)
    {
        IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers =
        [
            .. (HttpHeaders)response.Headers,
            .. (HttpHeaders)response.Content.Headers,
        ];
        return headers.ToDictionary(
            header => header.Key,
            header => string.Join(", ", header.Value),
            StringComparer.OrdinalIgnoreCase
        );
    }

    private static Uri? AddressOf(StartedProgram program) =>
        program.Output.Lines.Select(line => Listens.Match(line)).FirstOrDefault(match => match.Success) is { } found
            ? new Uri(found.Groups["address"].Value)
            : null;

    [GeneratedRegex(@"listens on (?<address>https?://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Listens { get; }
}
