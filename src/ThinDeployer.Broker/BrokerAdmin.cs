using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ThinDeployer.Machines;

namespace ThinDeployer.Broker;

/// <summary>Makes queues and logins of machines, by the broker's management API.</summary>
internal sealed class BrokerAdmin : IDisposable
{
    /// <summary>The tag of a login that is a machine's. To the broker it means nothing.</summary>
    private const string MachineTag = "thin-deployer-machine";

    private const string Nothing = "^$";
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(15);

    private readonly BrokerEndpoint _address;
    private readonly BrokerTrust _trust;
    private readonly HttpClient _client;

    internal BrokerAdmin(BrokerEndpoint address, BrokerTrust trust)
    {
        _address = address;
        _trust = trust;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // AMQP goes through none, either.
            UseProxy = false,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
            trust.Accepts(shown, chain, errors);
        _client = new HttpClient(handler) { BaseAddress = address.Management, Timeout = AnswerTime };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{address.User}:{address.Password}"))
        );
    }

    private string VirtualHost => Uri.EscapeDataString(_address.VirtualHost);

    /// <summary>Asks for what only an administrator may see.</summary>
    /// <exception cref="LineDownException">It is not let see it.</exception>
    internal async Task TestAsync(CancellationToken stop)
    {
        var path = $"users/{Uri.EscapeDataString(_address.User)}";
        using var answer = await SendAsync(HttpMethod.Get, path, body: null, stop);
        await DemandSuccessAsync(answer, stop);
    }

    /// <exception cref="LineDownException">It can't be made now.</exception>
    internal async Task AddAsync(string machine, string password, CancellationToken stop)
    {
        await CheckLoginAsync(machine, stop);
        await MakeQueueAsync(BrokerLayout.Orders(machine), BrokerLayout.OrdersArguments, stop);
        await MakeQueueAsync(BrokerLayout.Control(machine), BrokerLayout.ControlArguments, stop);
        await PutLoginAsync(machine, password, stop);

        var name = Regex.Escape(machine);
        await PutAsync(
            $"permissions/{VirtualHost}/{machine}",
            new JsonObject
            {
                ["configure"] = Nothing,
                ["write"] = $"^{Regex.Escape(BrokerLayout.Reports)}$",
                ["read"] = $@"^td\.(agent|control)\.{name}$",
            },
            stop
        );
        await PutAsync(
            $"topic-permissions/{VirtualHost}/{machine}",
            new JsonObject
            {
                ["exchange"] = BrokerLayout.Reports,
                ["write"] = $"^{Regex.Escape(BrokerLayout.KeyOf(machine))}$",
                ["read"] = Nothing,
            },
            stop
        );
    }

    /// <exception cref="LineDownException">It can't be changed now.</exception>
    internal async Task ChangePasswordAsync(string machine, string password, CancellationToken stop)
    {
        if (!await CheckLoginAsync(machine, stop))
        {
            throw new LineDownException($"the broker has no login {machine}: add the machine again");
        }

        await PutLoginAsync(machine, password, stop);
    }

    /// <exception cref="LineDownException">It can't be removed now.</exception>
    internal async Task RemoveAsync(string machine, CancellationToken stop)
    {
        if (await CheckLoginAsync(machine, stop))
        {
            await DeleteAsync($"users/{machine}", stop);
        }

        await DeleteAsync($"queues/{VirtualHost}/{BrokerLayout.Orders(machine)}", stop);
        await DeleteAsync($"queues/{VirtualHost}/{BrokerLayout.Control(machine)}", stop);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Whether there is a login of that name. One that is not a machine's, such as the front's own, is left alone.</summary>
    private async Task<bool> CheckLoginAsync(string machine, CancellationToken stop)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"users/{machine}", body: null, stop);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        await DemandSuccessAsync(answer, stop);
        return IsMachine(await answer.Content.ReadAsStringAsync(stop))
            ? true
            : throw new LineDownException(
                $"the broker has a login {machine} already that is not a machine's: give the machine another name"
            );
    }

    /// <summary>Tags are a list, or in older brokers a text with commas.</summary>
    private static bool IsMachine(string login)
    {
        using var document = JsonDocument.Parse(login);
        return document.RootElement.TryGetProperty("tags", out var tags)
            && (
                tags.ValueKind == JsonValueKind.Array
                    ? tags.EnumerateArray().Any(tag => tag.GetString() == MachineTag)
                    : tags.GetString()?.Split(',').Contains(MachineTag) == true
            );
    }

    private Task MakeQueueAsync(string queue, Dictionary<string, object?> arguments, CancellationToken stop)
    {
        var written = new JsonObject();
        foreach (var (name, value) in arguments)
        {
            written[name] = value switch
            {
                bool flag => flag,
                int number => number,
                _ => (string?)value,
            };
        }

        return PutAsync(
            $"queues/{VirtualHost}/{queue}",
            new JsonObject
            {
                ["durable"] = true,
                ["auto_delete"] = false,
                ["arguments"] = written,
            },
            stop
        );
    }

    private Task PutLoginAsync(string machine, string password, CancellationToken stop) =>
        PutAsync(
            $"users/{machine}",
            new JsonObject
            {
                ["password_hash"] = Hash(password),
                ["hashing_algorithm"] = "rabbit_password_hashing_sha256",
                ["tags"] = MachineTag,
            },
            stop
        );

    /// <summary>As the broker keeps it: four bytes of salt, and SHA-256 of these and the password.</summary>
    private static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(4);
        return Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(password)])]);
    }

    private async Task PutAsync(string path, JsonObject body, CancellationToken stop)
    {
        using var answer = await SendAsync(HttpMethod.Put, path, body, stop);
        await DemandSuccessAsync(answer, stop);
    }

    private async Task DeleteAsync(string path, CancellationToken stop)
    {
        using var answer = await SendAsync(HttpMethod.Delete, path, body: null, stop);
        if (answer.StatusCode != HttpStatusCode.NotFound)
        {
            await DemandSuccessAsync(answer, stop);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        JsonObject? body,
        CancellationToken stop
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        try
        {
            return await _client.SendAsync(request, stop);
        }
        catch (HttpRequestException exception)
        {
            throw new LineDownException(
                exception.InnerException is AuthenticationException
                    ? $"the broker's management API at {_address.Management} is not trusted: {_trust.Refusal ?? exception.InnerException.Message}"
                    : $"the broker's management API at {_address.Management} can't be reached ({exception.InnerException?.Message ?? exception.Message}). Is it on (rabbitmq-plugins enable rabbitmq_management), and is this its port?",
                exception
            );
        }
        catch (OperationCanceledException exception) when (!stop.IsCancellationRequested)
        {
            throw new LineDownException(
                $"the broker's management API at {_address.Management} did not answer in time",
                exception
            );
        }
    }

    private async Task DemandSuccessAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        var reason = await ReasonOfAsync(answer, stop);
        throw new LineDownException(
            answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                    $"the broker's management API lets the login {_address.User} not in ({reason}): is its password right, and is it an administrator (rabbitmqctl set_user_tags {_address.User} administrator)?",
                HttpStatusCode.NotFound =>
                    $"what answers at {_address.Management} is not the broker's management API, or has no virtual host {_address.VirtualHost}",
                _ => $"the broker's management API answered {(int)answer.StatusCode}: {reason}",
            }
        );
    }

    /// <summary>What it says for people; its status where it says nothing.</summary>
    private static async Task<string> ReasonOfAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        try
        {
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop));
            return document.RootElement.TryGetProperty("reason", out var reason)
                ? reason.ToString()
                : $"{answer.StatusCode}";
        }
        catch (JsonException)
        {
            return $"{answer.StatusCode}";
        }
    }
}
