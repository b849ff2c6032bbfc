using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Machines;

namespace ThinDeployer.Broker;

/// <summary>What a program takes to reach other machines by a broker.</summary>
public static class BrokerTransport
{
    /// <summary>Of a front, to its machines. Nothing connects before it is used.</summary>
    public static FrontTransport OfFront { get; } =
        new(
            (address, time, loggers) => new RabbitFrontLine(address, time, loggers.CreateLogger<RabbitFrontLine>()),
            async (address, stop) =>
            {
                await TestAsync(address, stop);
                using var admin = new BrokerAdmin(BrokerEndpoint.Read(address), new BrokerTrust(address.AuthorityFile));
                await admin.TestAsync(stop);
            }
        );

    /// <summary>Of a machine, to its front. Nothing connects before it is used.</summary>
    public static AgentTransport OfMachine { get; } =
        new(
            (address, time, loggers) => new RabbitAgentLine(address, time, loggers.CreateLogger<RabbitAgentLine>()),
            TestAsync
        );

    private static Task TestAsync(LineAddress address, CancellationToken stop) =>
        new BrokerLink(
            BrokerEndpoint.Read(address),
            new BrokerTrust(address.AuthorityFile),
            "thin-deployer, a test",
            TimeProvider.System,
            NullLogger.Instance
        ).TestAsync(stop);
}
