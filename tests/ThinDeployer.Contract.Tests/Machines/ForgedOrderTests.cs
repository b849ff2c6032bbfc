using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Machines;

/// <summary>Orders that the front did not send, or not so, by somebody who owns the broker.</summary>
[Collection(OneFleetBroker.Name)]
public sealed class ForgedOrderTests(SharedBroker shared, SharedFleet fleets)
    : IClassFixture<SharedFleet>,
        IAsyncLifetime
{
    private const string Front = $$$"""
        site: {token: {{{ServiceYaml.Token}}}, machines: all, rollout: {batch: 100%}}

        """;

    private Fleet? _fleet;

    private Fleet Fleet => _fleet!;

    public async Task InitializeAsync() =>
        _fleet = await fleets.GetAsync(() =>
            Fleet.StartAsync(
                shared.Broker,
                Front,
                _ => ServiceYaml.Bare("site", "pwd: site", "echo $DEPLOYMENT_ID >> ran"),
                ["web-1", "web-2"]
            )
        );

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_forged_order_runs_nothing_and_is_told(string? signature)
    {
        var order = await CaptureAsync();
        var id = Guid.CreateVersion7().ToString();
        var forged = order.GetProperty("payload").GetString()!.Replace(IdOf(order), id, StringComparison.Ordinal);
        var headers = HeadersOf(order);
        headers["webhook-id"] = id;
        headers.Remove("webhook-signature");
        if (signature is not null)
        {
            headers["webhook-signature"] = signature;
        }

        await PublishAsync("web-1", forged, headers);
        await Fleet.DeployAsync("site");

        Assert.DoesNotContain(id, Ran("web-1"));
        Assert.Contains("Dropped", Fleet["web-1"].Program!.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_true_order_that_comes_again_runs_once()
    {
        var order = await CaptureAsync();

        await PublishAsync("web-1", order.GetProperty("payload").GetString()!, HeadersOf(order));
        await PublishAsync("web-1", order.GetProperty("payload").GetString()!, HeadersOf(order));
        await Fleet.DeployAsync("site");

        Assert.Equal([IdOf(order)], Ran("web-1").Where(id => id == IdOf(order)));
    }

    [Fact]
    public async Task An_order_to_another_machine_runs_nowhere_else()
    {
        var order = await CaptureAsync();

        await PublishAsync("web-2", order.GetProperty("payload").GetString()!, HeadersOf(order));
        await Fleet.DeployAsync("site");

        Assert.DoesNotContain(IdOf(order), Ran("web-2"));
        Assert.Contains(IdOf(order), Ran("web-1"));
    }

    /// <summary>An order to web-1 as the broker saw it; its deployment has ended.</summary>
    private async Task<JsonElement> CaptureAsync()
    {
        var queue = $"queues/{Fleet.Place}/{Guid.NewGuid()}";
        await Fleet.Broker.PutAsync(queue, "{}");
        await Fleet.Broker.PostAsync(
            $"bindings/{Fleet.Place}/e/amq.rabbitmq.trace/q/{queue.Split('/')[^1]}",
            """{"routing_key": "publish.#"}"""
        );
        await Fleet.Broker.ControlAsync("trace_on", "-p", Fleet.Place);
        await Fleet.DeployAsync("site");
        await Fleet.Broker.ControlAsync("trace_off", "-p", Fleet.Place);
        using var seen = JsonDocument.Parse(
            await Fleet.Broker.PostAsync(
                $"{queue}/get",
                """{"count": 1000, "ackmode": "ack_requeue_false", "encoding": "auto"}"""
            )
        );
        return seen
            .RootElement.Clone()
            .EnumerateArray()
            .First(one => one.GetRawText().Contains("\"td.agent.web-1\"", StringComparison.Ordinal));
    }

    private static string IdOf(JsonElement order)
    {
        using var body = JsonDocument.Parse(order.GetProperty("payload").GetString()!);
        return body.RootElement.GetProperty("order").GetProperty("id").GetString()!;
    }

    private static Dictionary<string, object> HeadersOf(JsonElement order) =>
        order
            .GetProperty("properties")
            .GetProperty("headers")
            .GetProperty("properties")
            .GetProperty("headers")
            .EnumerateObject()
            .Where(header => header.Name.StartsWith("webhook-", StringComparison.Ordinal))
            .ToDictionary(
                header => header.Name,
                header =>
                    header.Value.ValueKind is JsonValueKind.Number
                        ? (object)header.Value.GetInt64()
                        : header.Value.GetString()!
            );

    private Task<string> PublishAsync(string machine, string payload, Dictionary<string, object> headers) =>
        Fleet.Broker.PostAsync(
            $"exchanges/{Fleet.Place}/amq.default/publish",
            JsonSerializer.Serialize(
                new
                {
                    properties = new { delivery_mode = 2, headers },
                    routing_key = $"td.agent.{machine}",
                    payload,
                    payload_encoding = "string",
                }
            )
        );

    private string[] Ran(string machine) =>
        Fleet[machine].Workspace.ReadSite("ran").Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
