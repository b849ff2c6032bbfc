using Microsoft.Extensions.Logging;
using ThinDeployer.Machines;

namespace ThinDeployer.Broker;

/// <summary>A machine's side: it reads its own two queues, and writes reports by its own key. The broker lets it do no more.</summary>
internal sealed partial class RabbitAgentLine : IAgentLine
{
    /// <summary>Control messages that are here and not yet taken.</summary>
    private const ushort MostControl = 20;

    private readonly string _machine;
    private readonly BrokerLink _link;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();

    /// <exception cref="FormatException">The address, or the file of authorities, is none that may be used.</exception>
    internal RabbitAgentLine(LineAddress line, TimeProvider time, ILogger logger)
    {
        var address = BrokerEndpoint.Read(line);
        _machine = address.User;
        _time = time;
        _logger = logger;
        _link = new BrokerLink(
            address,
            new BrokerTrust(line.AuthorityFile),
            $"thin-deployer on {_machine}",
            time,
            logger
        );
    }

    public string? Trouble => _link.Trouble;

    public async Task RunAsync(
        Func<Envelope, Task> onOrder,
        Func<Envelope, Task> onControl,
        Action onConnected,
        CancellationToken stop
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, _ended.Token);
        await _link.RunAsync(
            async (session, setUp) =>
            {
                var orders = await Intake.StartAsync(session, BrokerLayout.Orders(_machine), most: 1);
                var control = await Intake.StartAsync(session, BrokerLayout.Control(_machine), MostControl);
                setUp();
                onConnected();
                await Task.WhenAll(
                    orders.RunAsync(delivery => TakeAsync(delivery, onOrder), _time, _logger),
                    control.RunAsync(delivery => TakeAsync(delivery, onControl), _time, _logger)
                );
            },
            ending.Token
        );
    }

    public Task SendReportAsync(Envelope report, CancellationToken stop)
    {
        var properties = Wire.Properties(report, isDurable: true);
        // The broker checks that it is the login's own.
        properties.UserId = _machine;
        return _link.SendAsync(
            new Publication(
                BrokerLayout.Reports,
                BrokerLayout.KeyOf(_machine),
                IsMandatory: true,
                properties,
                report.Body
            ),
            stop
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _ended.Dispose();
    }

    private async Task TakeAsync(Delivery delivery, Func<Envelope, Task> take)
    {
        if (Wire.Read(delivery) is { } envelope)
        {
            await take(envelope);
        }
        else
        {
            Log.NoEnvelope(_logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The broker gave a message that no front has sent; it is dropped")]
        internal static partial void NoEnvelope(ILogger logger);
    }
}
