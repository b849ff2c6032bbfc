using ThinDeployer.Deployments;
using ThinDeployer.Storage;

namespace ThinDeployer.Tests.Storage;

/// <summary>What the record knows of requests: their ids, their bodies, and those that are kept to look at.</summary>
public sealed class RequestTests : IAsyncLifetime
{
    private RecordHarness _harness = null!;

    private SqliteRecord Record => _harness.Record;

    public async Task InitializeAsync() => _harness = await RecordHarness.StartAsync();

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task A_delivery_is_known_with_the_acceptance_of_its_deployment()
    {
        await Record.AcceptAsync(Delivered(1, "d-1"), []);
        await _harness.ReopenAsync();

        Assert.Equal(Sample.Id(1), Find("shop", "d-1"));
        Assert.Null(Find("shop", "d-2"));
        Assert.Null(Find("wiki", "d-1"));
        Assert.Null(Record.FindDelivered("shop", "d-1", Sample.Noon.AddMilliseconds(1)));
    }

    [Theory]
    [InlineData("succeeded", true)]
    [InlineData("failed", false)]
    [InlineData("timed_out", false)]
    [InlineData("cancelled", false)]
    [InlineData("interrupted", false)]
    public async Task It_may_come_again_when_its_deployment_did_not_succeed(string end, bool isKnown)
    {
        await Record.AcceptAsync(Delivered(1, "d-1"), []);
        await Record.EndAsync(
            Delivered(1, "d-1") with
            {
                Status = DeploymentStatuses.Parse(end)!.Value,
                FinishedAt = Sample.Noon,
            },
            keep: 10
        );

        Assert.Equal(isKnown, Find("shop", "d-1") is not null);
    }

    [Fact]
    public async Task The_room_of_large_bodies_is_given_back()
    {
        var large = new DeploymentOrigin(new byte[20_000_000], Delivery: null, KeepDeliveries: 0);
        var entries = Enumerable
            .Range(1, 3)
            .Select(number =>
                Sample.Entry(number) is var entry
                    ? entry with
                    {
                        Trigger = entry.Trigger with { PayloadBytes = large.Payload.Length },
                    }
                    : entry
            )
            .ToList();
        foreach (var entry in entries)
        {
            await Record.AcceptAsync(entry, [], large);
        }

        foreach (var entry in entries)
        {
            await Record.EndAsync(
                entry with
                {
                    Status = DeploymentStatus.Succeeded,
                    FinishedAt = Sample.Noon,
                },
                keep: 10
            );
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        while (_harness.Scalar("PRAGMA page_count") is > 2_000L)
        {
            Assert.False(limit.IsCancellationRequested, "the record is as large as before");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    [Fact]
    public async Task It_may_come_again_when_its_deployment_was_superseded()
    {
        await Record.AcceptAsync(Delivered(1, "d-1"), []);
        await Record.AcceptAsync(Delivered(2, "d-2"), [Sample.Id(1)]);

        Assert.Null(Find("shop", "d-1"));
        Assert.Equal(Sample.Id(2), Find("shop", "d-2"));
    }

    [Fact]
    public async Task A_deployment_that_succeeded_and_was_forgotten_is_not_run_again()
    {
        await Record.AcceptAsync(Delivered(1, "d-1"), []);
        await Record.EndAsync(Succeeded(1, "d-1"), keep: 0);
        await Record.AcceptAsync(Delivered(2, "d-2"), []);
        await Record.EndAsync(Succeeded(2, "d-2"), keep: 0);

        Assert.Null(Record.Find(Sample.Id(1)));
        Assert.Equal(Sample.Id(1), Find("shop", "d-1"));
    }

    [Fact]
    public async Task Only_the_newest_ids_of_a_service_are_remembered()
    {
        await Record.AcceptAsync(Delivered(1, "other") with { Service = "wiki" }, []);
        await _harness.AcceptAsync(
            Enumerable.Range(2, DeliveryStatements.RememberedIds + 5).Select(number => Delivered(number, $"d-{number}"))
        );

        Assert.Equal(
            (long)DeliveryStatements.RememberedIds,
            _harness.Scalar("SELECT count(*) FROM delivery_ids WHERE service = 'shop'")
        );
        Assert.Null(Find("shop", "d-6"));
        Assert.NotNull(Find("shop", "d-7"));
        Assert.NotNull(Find("wiki", "other"));
    }

    [Fact]
    public async Task A_body_is_kept_as_long_as_its_deployment()
    {
        byte[] body = [0, 255, 10, 13];
        await Record.AcceptAsync(Sample.Entry(1), [], Payload(body));
        await Record.AcceptAsync(Sample.Entry(2), []);
        await _harness.ReopenAsync();

        Assert.Equal(body, BodyOf(Sample.Id(1)));
        Assert.Null(BodyOf(Sample.Id(2)));

        await Record.EndAsync(Sample.Ended(1), keep: 1);
        Assert.Equal(body, BodyOf(Sample.Id(1)));
        await Record.EndAsync(Sample.Ended(2), keep: 1);
        Assert.Null(BodyOf(Sample.Id(1)));
        Assert.Equal(0L, _harness.Scalar("SELECT count(*) FROM payload_parts"));
    }

    [Theory]
    [InlineData(DeliveryStatements.PayloadPart)]
    [InlineData((2 * DeliveryStatements.PayloadPart) + 1)]
    public async Task A_body_of_several_parts_comes_back_as_one(int length)
    {
        var body = new byte[length];
        new Random(length).NextBytes(body);
        await Record.AcceptAsync(Sample.Entry(1), [], Payload(body));
        await Record.AcceptAsync(Sample.Entry(2), [], Payload([1]));

        Assert.Equal(body, BodyOf(Sample.Id(1)));
        Assert.Equal([1], BodyOf(Sample.Id(2)));
    }

    [Fact]
    public async Task A_large_body_is_kept_until_the_end_only()
    {
        var body = new byte[DeliveryStatements.KeptPayload + 1];
        var entry = Sample.Entry(1);
        entry = entry with { Trigger = entry.Trigger with { PayloadBytes = body.Length } };
        await Record.AcceptAsync(entry, [], Payload(body));

        Assert.Equal(body, BodyOf(entry.Id));

        await Record.EndAsync(entry with { Status = DeploymentStatus.Succeeded, FinishedAt = Sample.Noon }, keep: 9);

        Assert.Null(BodyOf(entry.Id));
    }

    [Fact]
    public async Task The_newest_deliveries_of_a_service_are_kept()
    {
        for (var number = 1; number <= 5; number++)
        {
            await Record.KeepDeliveryAsync(Kept("shop", number), keep: 3);
        }

        await Record.KeepDeliveryAsync(Kept("wiki", 6), keep: 3);
        await Record.KeepDeliveryAsync(Kept("wiki", 7), keep: 0);
        await Record.AcceptAsync(
            Sample.Entry(1),
            [],
            new DeploymentOrigin(Payload: default, Kept("shop", 8), KeepDeliveries: 2)
        );
        await _harness.ReopenAsync();

        Assert.Equal([8, 5], Record.Deliveries("shop").Select(delivery => delivery.BodyBytes));
        Assert.Equal([6], Record.Deliveries("wiki").Select(delivery => delivery.BodyBytes));
    }

    [Fact]
    public async Task A_delivery_is_given_back_as_it_was_kept()
    {
        var kept = Kept("shop", 1) with
        {
            Address = "192.0.2.7",
            DeliveryId = "d-1",
            Reason = "when: json ref equals \"x\"",
            DeploymentId = Sample.Id(1),
            Headers = [new("A", "1"), new("A", "2")],
            Checks = [new DeliveryCheck("when", "json ref equals \"x\"", "false", Detail: null)],
        };
        await Record.KeepDeliveryAsync(kept, keep: 3);

        var read = Assert.Single(Record.Deliveries("shop"));

        Assert.Equal(kept.Headers, read.Headers);
        Assert.Equal(kept.Checks, read.Checks);
        Assert.Equal(kept with { Headers = read.Headers, Checks = read.Checks }, read);
    }

    private byte[]? BodyOf(string id)
    {
        using var body = new MemoryStream();
        return Record.CopyPayload(id, body) ? body.ToArray() : null;
    }

    private string? Find(string service, string delivery) => Record.FindDelivered(service, delivery, Sample.Noon);

    private static DeploymentEntry Delivered(int number, string delivery)
    {
        var entry = Sample.Entry(number);
        return entry with { Trigger = entry.Trigger with { DeliveryId = delivery } };
    }

    private static DeploymentEntry Succeeded(int number, string delivery) =>
        Delivered(number, delivery) with
        {
            Status = DeploymentStatus.Succeeded,
            FinishedAt = Sample.Noon,
        };

    private static DeploymentOrigin Payload(byte[] body) => DeploymentOrigin.None with { Payload = body };

    private static Delivery Kept(string service, int number) =>
        new()
        {
            Service = service,
            ReceivedAt = Sample.Noon,
            Method = "POST",
            Query = "",
            Headers = [],
            Body = "{}",
            BodyBytes = number,
            Decision = "no-need",
        };
}
