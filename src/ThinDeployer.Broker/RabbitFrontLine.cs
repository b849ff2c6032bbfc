using System.Globalization;
using Microsoft.Extensions.Logging;
using ThinDeployer.Machines;

namespace ThinDeployer.Broker;

/// <summary>The front's side: its login is an administrator of the broker, and makes all that is there.</summary>
internal sealed partial class RabbitFrontLine : IFrontLine
{
    /// <summary>Reports that are here and not yet taken.</summary>
    private const ushort MostReports = 100;

    /// <summary>Control messages are of no use later.</summary>
    private static readonly TimeSpan ControlPatience = TimeSpan.FromSeconds(5);

    /// <summary>More milliseconds than that a broker takes for no expiry.</summary>
    private static readonly TimeSpan LongestExpire = TimeSpan.FromDays(45);

    private readonly BrokerLink _link;
    private readonly BrokerAdmin _admin;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _oneByOne = new(1, 1);
    private readonly CancellationTokenSource _ended = new();

    /// <exception cref="FormatException">The address, or the file of authorities, is none that may be used.</exception>
    internal RabbitFrontLine(LineAddress line, TimeProvider time, ILogger logger)
    {
        var address = BrokerEndpoint.Read(line);
        var trust = new BrokerTrust(line.AuthorityFile);
        Address = address.Public;
        _time = time;
        _logger = logger;
        _link = new BrokerLink(address, trust, "thin-deployer, front", time, logger);
        _admin = new BrokerAdmin(address, trust);
    }

    public string? Trouble => _link.Trouble;

    public Uri Address { get; }

    public async Task RunAsync(
        Func<string, Envelope, Task> onReport,
        Func<string, Envelope, Task> onExpired,
        Action onConnected,
        CancellationToken stop
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, _ended.Token);
        await _link.RunAsync(
            async (session, setUp) =>
            {
                await using (var channel = await session.OpenIncomingAsync())
                {
                    await BrokerLayout.DeclareAsync(channel, session.Lost);
                    setUp();
                    onConnected();
                    var reports = await Intake.StartAsync(session, BrokerLayout.Front, MostReports);
                    var late = await Intake.StartAsync(session, BrokerLayout.Late, MostReports);
                    await Task.WhenAll(
                        reports.RunAsync(delivery => TakeAsync(SenderOf(delivery), delivery, onReport), _time, _logger),
                        late.RunAsync(delivery => TakeAsync(LateFor(delivery), delivery, onExpired), _time, _logger)
                    );
                }
            },
            ending.Token
        );
    }

    public Task SendOrderAsync(string machine, Envelope order, TimeSpan expire, CancellationToken stop)
    {
        var bounded = expire < LongestExpire ? expire : LongestExpire;
        var properties = Wire.Properties(order, isDurable: true);
        properties.Expiration = Math.Max(1, (long)bounded.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return _link.SendAsync(
            new Publication("", BrokerLayout.Orders(machine), IsMandatory: true, properties, order.Body),
            stop
        );
    }

    public async Task SendControlAsync(string machine, Envelope control, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(ControlPatience, _time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        try
        {
            await _link.SendAsync(
                new Publication(
                    "",
                    BrokerLayout.Control(machine),
                    IsMandatory: false,
                    Wire.Properties(control, isDurable: false),
                    control.Body
                ),
                ending.Token
            );
        }
        catch (OperationCanceledException exception) when (!stop.IsCancellationRequested)
        {
            throw new LineDownException(Trouble ?? "the broker takes nothing now", exception);
        }
    }

    public Task AddMachineAsync(string machine, string password, CancellationToken stop) =>
        _admin.AddAsync(machine, password, stop);

    public Task ChangePasswordAsync(string machine, string password, CancellationToken stop) =>
        _admin.ChangePasswordAsync(machine, password, stop);

    public Task RemoveMachineAsync(string machine, CancellationToken stop) => _admin.RemoveAsync(machine, stop);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _ended.Dispose();
        _admin.Dispose();
    }

    /// <summary>Null where that is not sure.</summary>
    private static string? SenderOf(Delivery delivery) =>
        delivery.Properties.UserId is { Length: > 0 } user && delivery.Key == BrokerLayout.KeyOf(user) ? user : null;

    /// <summary>Null where it was not in time that an order left a machine's queue.</summary>
    private static string? LateFor(Delivery delivery) =>
        Wire.ExpiredIn(delivery) is { } queue ? BrokerLayout.MachineOf(queue) : null;

    private async Task TakeAsync(string? machine, Delivery delivery, Func<string, Envelope, Task> take)
    {
        if (machine is null || Wire.Read(delivery) is not { } envelope)
        {
            Log.Unknown(_logger, delivery.Key);
            return;
        }

        await _oneByOne.WaitAsync();
        try
        {
            await take(machine, envelope);
        }
        finally
        {
            _oneByOne.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A message by {Key} at the broker is of no machine; it is dropped")]
        internal static partial void Unknown(ILogger logger, string key);
    }
}
