using System.Text;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Broker;

/// <summary>What tests with a broker share.</summary>
public abstract class BrokerTests(SharedBroker shared)
{
    private protected static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private protected const string MachinePassword = "a-machines-password";

    private protected TestBroker Broker => shared.Broker;

    /// <summary>A name that no other test has: logins are of the whole broker.</summary>
    private protected string Machine { get; } = $"web-{Guid.NewGuid():N}"[..12];

    private protected static Envelope Message(string id) =>
        new(id, 1_790_000_000, "v1,c2lnbmF0dXJl", Encoding.UTF8.GetBytes($$"""{"order":"{{id}}"}"""));

    private protected LineAddress FrontOf(string place) => new(Broker.Address(place), AuthorityFile: null);

    private protected LineAddress AgentOf(string place, string? machine = null, string? password = null) =>
        new(
            new Uri($"amqp://127.0.0.1:{Broker.Port}/{place}"),
            AuthorityFile: null,
            machine ?? Machine,
            password ?? MachinePassword
        );

    /// <summary>A front that is up, in a place of its own, with the machine added.</summary>
    private protected async Task<(RunningFront Front, string Place)> StartFrontAsync()
    {
        var place = await Broker.NewPlaceAsync();
        var front = new RunningFront(FrontOf(place));
        await front.Said.NextAsync(Waiting.Up);
        await front.Line.AddMachineAsync(Machine, MachinePassword, CancellationToken.None);
        return (front, place);
    }
}
