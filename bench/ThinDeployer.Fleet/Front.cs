using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ThinDeployer.Fleet;

/// <summary>The native server, as the front of machines.</summary>
internal sealed partial class Front : IAsyncDisposable
{
    private const string AdminToken = "an-admin-token-of-the-fleet";
    private const string Token = "a-token-of-the-service";

    private readonly TemporaryFolder _folder;
    private readonly Process _process;
    private readonly HttpClient _client;

    private Front(TemporaryFolder folder, Process process, Uri address)
    {
        _folder = folder;
        _process = process;
        _client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
    }

    internal int ProcessId => _process.Id;

    internal static async Task<Front> StartAsync(string binary, Uri broker)
    {
        var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder.At("front.yml"),
            $"""
            shop:
              token: {Token}
              machines: all
              rollout:
                batch: 100%
                expire: 5m
            """
        );
        string[] arguments = ["--configuration", "front.yml", "--data", "data", "--listen", "127.0.0.1", "--port", "0"];
        var start = new ProcessStartInfo(binary, arguments)
        {
            WorkingDirectory = folder.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment =
            {
                ["THIN_DEPLOYER_BROKER"] = broker.OriginalString,
                ["THIN_DEPLOYER_ADMIN_TOKEN"] = AdminToken,
            },
        };
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Listens().Match(line) is { Success: true } match)
            {
                _ = PassOnAsync(process.StandardOutput);
                return new Front(folder, process, new Uri(match.Groups["url"].Value));
            }
        }

        throw new InvalidOperationException("The front did not start");
    }

    /// <summary>A join code for a new machine.</summary>
    internal async Task<string> AddAsync(string machine)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/machines");
        request.Headers.Add("X-Auth-Token", AdminToken);
        request.Content = JsonContent.Create(new { name = machine });
        using var answer = await _client.SendAsync(request);
        var json = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        return json.GetProperty("code").GetString()!;
    }

    /// <summary>How many machines are there.</summary>
    internal async Task<int> OnlineAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/machines");
        request.Headers.Add("X-Auth-Token", AdminToken);
        using var answer = await _client.SendAsync(request);
        var json = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        return json.GetProperty("machines")
            .EnumerateArray()
            .Count(one => one.GetProperty("state").GetString() == "online");
    }

    /// <summary>Deploys on all machines, and waits for the end.</summary>
    internal async Task DeployAsync(int machines)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/deploy/shop");
        request.Headers.Add("X-Auth-Token", Token);
        request.Headers.Add("Accept", "application/json");
        using var answer = await _client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var json = answer.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement
            : throw new InvalidOperationException(text);
        var done = json.GetProperty("machines")
            .EnumerateArray()
            .Count(one => one.GetProperty("status").GetString() == "succeeded");
        if (done != machines)
        {
            throw new InvalidOperationException($"{done} of {machines} machines succeeded: {text}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{ProcessId}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    private static async Task PassOnAsync(StreamReader log)
    {
        while (await log.ReadLineAsync() is { } line)
        {
            if (
                !line.Contains(" has joined", StringComparison.Ordinal)
                && Environment.GetEnvironmentVariable("FLEET_LOG") is not null
            )
            {
                await Console.Error.WriteLineAsync(line);
            }
        }
    }

    [GeneratedRegex("listens on (?<url>http\\S+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Listens();
}
