using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Machines;

public sealed class EnrolmentTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryMachines _record = new();
    private readonly LoginsOnly _line = new();
    private readonly MachineRegistry _registry;
    private readonly Enrolment _enrolment;

    public EnrolmentTests()
    {
        _registry = MachineRegistry.Open(_record, _time);
        _enrolment = new Enrolment(_line, () => _registry);
    }

    public void Dispose() => _registry.Dispose();

    [Fact]
    public async Task A_machine_that_is_added_has_a_login_with_the_password_of_its_code()
    {
        var added = Assert.IsType<AddAnswer.Added>(await _enrolment.AddAsync("web-1", default));

        Assert.Equal(_line.Address, added.Code.Broker);
        Assert.Equal(added.Code.FirstPassword, _line.Logins["web-1"]);
    }

    [Fact]
    public async Task Adding_again_after_the_transport_was_away_makes_all_of_it()
    {
        _line.Trouble = "away";
        await Assert.ThrowsAsync<LineDownException>(() => _enrolment.AddAsync("web-1", default));
        _line.Trouble = null;

        var added = Assert.IsType<AddAnswer.Added>(await _enrolment.AddAsync("web-1", default));

        Assert.Equal(added.Code.FirstPassword, _line.Logins["web-1"]);
    }

    [Fact]
    public async Task Who_has_joined_keeps_its_login()
    {
        await _record.SaveAsync(new MachineEntry("web-1", _time.GetUtcNow()) { SharedSecret = new byte[32] });
        using var registry = MachineRegistry.Open(_record, _time);

        Assert.IsType<AddAnswer.HasJoined>(await new Enrolment(_line, () => registry).AddAsync("web-1", default));
        Assert.Empty(_line.Logins);
    }

    [Fact]
    public async Task What_is_removed_has_no_login()
    {
        await _enrolment.AddAsync("web-1", default);

        Assert.True(await _enrolment.RemoveAsync("web-1", default));
        Assert.False(await _enrolment.RemoveAsync("web-1", default));

        Assert.Empty(_line.Logins);
        Assert.Empty(_registry.All());
    }

    [Fact]
    public async Task What_cannot_be_removed_everywhere_is_still_there_to_be_removed()
    {
        await _enrolment.AddAsync("web-1", default);
        _line.Trouble = "away";
        await Assert.ThrowsAsync<LineDownException>(() => _enrolment.RemoveAsync("web-1", default));
        Assert.Single(_registry.All());
        _line.Trouble = null;
        _record.IsBroken = true;
        await Assert.ThrowsAsync<RecordUnavailableException>(() => _enrolment.RemoveAsync("web-1", default));
        _record.IsBroken = false;

        Assert.True(await _enrolment.RemoveAsync("web-1", default));
    }

    [Fact]
    public void Without_a_transport_there_is_nothing()
    {
        var none = new Enrolment(line: null, () => null);

        Assert.False(none.IsOn);
        Assert.True(_enrolment.IsOn);
    }

    /// <summary>A transport that carries nothing.</summary>
    private sealed class LoginsOnly : IFrontLine
    {
        internal Dictionary<string, string> Logins { get; } = [];

        public string? Trouble { get; set; }

        public Uri Address { get; } = new("amqps://broker.example");

        public Task AddMachineAsync(string machine, string password, CancellationToken stop) =>
            Change(() => Logins[machine] = password);

        public Task ChangePasswordAsync(string machine, string password, CancellationToken stop) =>
            Change(() => Logins[machine] = password);

        public Task RemoveMachineAsync(string machine, CancellationToken stop) => Change(() => Logins.Remove(machine));

        public Task RunAsync(
            Func<string, Envelope, Task> onReport,
            Func<string, Envelope, Task> onExpired,
            Action onConnected,
            CancellationToken stop
        ) => throw new NotSupportedException();

        public Task SendOrderAsync(string machine, Envelope order, TimeSpan expire, CancellationToken stop) =>
            throw new NotSupportedException();

        public Task SendControlAsync(string machine, Envelope control, CancellationToken stop) =>
            throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private Task Change(Action change)
        {
            if (Trouble is { } trouble)
            {
                return Task.FromException(new LineDownException(trouble));
            }

            change();
            return Task.CompletedTask;
        }
    }
}
