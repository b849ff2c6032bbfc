using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Broker;

/// <summary>What is said where a broker can't be used.</summary>
[Collection(OneBroker.Name)]
public sealed class BrokerTroubleTests(SharedBroker shared) : BrokerTests(shared)
{
    [Fact]
    public async Task A_certificate_of_the_right_authority_is_good()
    {
        await using var front = new RunningFront(
            new LineAddress(Broker.TlsAddress(await Broker.NewPlaceAsync()), Broker.AuthorityFile)
        );

        await front.Said.NextAsync(Waiting.Up);
        await front.Line.AddMachineAsync(Machine, MachinePassword, CancellationToken.None);

        Assert.NotNull(await Broker.GetAsync($"users/{Machine}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_of_a_strange_authority_is_refused(bool isSystems)
    {
        var authority = isSystems ? null : Broker.OtherAuthorityFile;
        await using var front = new RunningFront(new LineAddress(Broker.TlsAddress(), authority));

        var said = await front.Said.NextAsync(Waiting.Down);
        var refused = await Assert.ThrowsAsync<LineDownException>(() =>
            front.Line.AddMachineAsync(Machine, MachinePassword, CancellationToken.None)
        );

        Assert.Contains("is not trusted: its certificate is not signed by", said, StringComparison.Ordinal);
        Assert.Contains(authority ?? "--broker-ca", said, StringComparison.Ordinal);
        Assert.Contains("is not trusted: its certificate is not signed by", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        await using var front = new RunningFront(
            new LineAddress(Broker.TlsAddress(host: "127.0.0.2"), Broker.AuthorityFile)
        );

        var said = await front.Said.NextAsync(Waiting.Down);

        Assert.Contains("its certificate is for another name", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_said_and_not_shown()
    {
        var address = new Uri($"amqp://keeper:not-this@127.0.0.1:{Broker.Port}/?management={Broker.ManagementPort}");
        await using var front = new RunningFront(new LineAddress(address, AuthorityFile: null));

        var said = await front.Said.NextAsync(Waiting.Down);
        var refused = await Assert.ThrowsAsync<LineDownException>(() =>
            front.Line.AddMachineAsync(Machine, MachinePassword, CancellationToken.None)
        );

        Assert.Contains("refuses the login keeper, or its password", said, StringComparison.Ordinal);
        Assert.Contains("lets the login keeper not in", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-this", said + refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_is_no_administrator_is_said()
    {
        var place = await Broker.NewPlaceAsync();
        await Broker.PutAsync($"users/{Machine}", """{"password": "known", "tags": ""}""");
        await Broker.PutAsync($"permissions/{place}/{Machine}", """{"configure": ".*", "write": ".*", "read": ".*"}""");
        var address = new Uri(
            $"amqp://{Machine}:known@127.0.0.1:{Broker.Port}/{place}?management={Broker.ManagementPort}"
        );
        await using var front = new RunningFront(new LineAddress(address, AuthorityFile: null));
        await front.Said.NextAsync(Waiting.Up);

        var refused = await Assert.ThrowsAsync<LineDownException>(() =>
            front.Line.AddMachineAsync("web-1", MachinePassword, CancellationToken.None)
        );

        Assert.Contains($"set_user_tags {Machine} administrator", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_without_rights_is_said()
    {
        var place = await Broker.NewPlaceAsync();
        await Broker.PutAsync($"users/{Machine}", """{"password": "known", "tags": "administrator"}""");
        await Broker.PutAsync($"permissions/{place}/{Machine}", """{"configure": "^$", "write": "", "read": ""}""");
        var address = new Uri($"amqp://{Machine}:known@127.0.0.1:{Broker.Port}/{place}");
        await using var front = new RunningFront(new LineAddress(address, AuthorityFile: null));

        var said = await front.Said.NextAsync(Waiting.Down);

        Assert.Contains($"refuses the login {Machine} what it needs", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virtual_host_that_is_not_there_is_said()
    {
        await using var front = new RunningFront(FrontOf("nowhere"));

        var said = await front.Said.NextAsync(Waiting.Down);

        Assert.Contains("nowhere", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_and_an_api_that_are_not_there_are_said()
    {
        var address = new Uri("amqp://keeper:known@127.0.0.1:1/?management=2");
        await using var front = new RunningFront(new LineAddress(address, AuthorityFile: null));

        var said = await front.Said.NextAsync(Waiting.Down);
        var refused = await Assert.ThrowsAsync<LineDownException>(() =>
            front.Line.AddMachineAsync(Machine, MachinePassword, CancellationToken.None)
        );

        Assert.Contains("127.0.0.1:1 can't be reached", said, StringComparison.Ordinal);
        Assert.Contains("rabbitmq-plugins enable rabbitmq_management", refused.Message, StringComparison.Ordinal);
    }
}
