using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Machines;

public sealed class MachineRegistryTests : IDisposable
{
    private static readonly Uri Broker = new("amqps://broker.example:5671");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryMachines _record = new();
    private readonly JoinKey _key = JoinKey.New();
    private readonly MachineRegistry _registry;

    public MachineRegistryTests() => _registry = MachineRegistry.Open(_record, _time);

    public void Dispose()
    {
        _registry.Dispose();
        _key.Dispose();
    }

    [Fact]
    public async Task A_machine_that_is_added_is_joining_and_has_no_keys()
    {
        var code = await AddAsync("web-1");

        var machine = Assert.Single(_registry.All());
        Assert.Equal(("web-1", MachineState.Joining), (machine.Name, machine.State));
        Assert.Equal(_time.GetUtcNow().AddHours(1), machine.CodeUntil);
        Assert.Equal((machine.CodeUntil, Broker, "web-1"), (code.Until, code.Broker, code.Machine));
        Assert.Null(_registry.KeysOf("web-1"));
        Assert.Null(_registry.Find("web-2"));
    }

    [Fact]
    public async Task Who_has_the_code_is_let_in_and_both_sides_have_the_same_keys()
    {
        var code = await AddAsync("web-1");

        var letIn = Assert.IsType<JoinAnswer.LetIn>(await _registry.JoinAsync("web-1", JoinOf(code, _key)));

        var own = MachineKeys.From(_key.AgreeWith(code.FrontKey)!);
        Assert.Equal(own.Password, letIn.Keys.Password);
        Assert.Equal(own.Password, _registry.KeysOf("web-1")!.Password);
        Assert.Equal(MachineState.Never, _registry.Find("web-1")!.State);
        Assert.Equal(_time.GetUtcNow(), _registry.Find("web-1")!.JoinedAt);
    }

    [Fact]
    public async Task A_join_that_comes_again_after_a_crash_has_the_same_result_even_when_the_code_is_over()
    {
        var join = JoinOf(await AddAsync("web-1"), _key);
        var first = Assert.IsType<JoinAnswer.LetIn>(await _registry.JoinAsync("web-1", join));
        _time.Advance(TimeSpan.FromHours(2));

        using var restarted = MachineRegistry.Open(_record, _time);
        var second = Assert.IsType<JoinAnswer.LetIn>(await restarted.JoinAsync("web-1", join));

        Assert.Equal(first.Keys.Password, second.Keys.Password);
    }

    [Fact]
    public async Task A_code_lets_one_key_in_and_no_second()
    {
        var code = await AddAsync("web-1");
        await _registry.JoinAsync("web-1", JoinOf(code, _key));
        using var other = JoinKey.New();

        var refused = await _registry.JoinAsync("web-1", JoinOf(code, other));

        Assert.Equal("the code was used before, with another key", Assert.IsType<JoinAnswer.Refused>(refused).Why);
    }

    [Fact]
    public async Task Once_it_was_heard_of_nobody_joins_by_its_code()
    {
        var join = JoinOf(await AddAsync("web-1"), _key);
        await _registry.JoinAsync("web-1", join);
        await SeenAsync(at: 1);

        Assert.IsType<JoinAnswer.Refused>(await _registry.JoinAsync("web-1", join));
        Assert.Null(Assert.Single(_record.All()).Pending);
    }

    [Fact]
    public async Task Who_has_no_right_to_a_name_is_not_let_in()
    {
        var code = await AddAsync("web-1");
        await AddAsync("web-2");
        var join = JoinOf(code, _key);

        Assert.Equal("there is no such machine", await WhyNotAsync("web-2", join));
        Assert.Equal("there is no such machine", await WhyNotAsync("web-3", join with { Machine = "web-3" }));
        Assert.Equal("it does not have the newest code", await WhyNotAsync("web-1", join with { Proof = "AAAA" }));
        Assert.Equal("it does not say who it is", await WhyNotAsync("web-1", join with { Proof = null! }));
        Assert.Equal("it does not say who it is", await WhyNotAsync("web-1", join: null!));
        Assert.Equal("its key is no key", await WhyNotAsync("web-1", Proven(code, "AAAA")));
        Assert.Equal("its key is no key", await WhyNotAsync("web-1", Proven(code, new string('A', 4096))));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("the code is over", await WhyNotAsync("web-1", join));
    }

    [Fact]
    public async Task A_new_code_takes_the_place_of_the_old_one_until_the_machine_has_joined()
    {
        var old = await AddAsync("web-1");
        var code = await AddAsync("web-1");

        Assert.Equal("it does not have the newest code", await WhyNotAsync("web-1", JoinOf(old, _key)));
        Assert.IsType<JoinAnswer.LetIn>(await _registry.JoinAsync("web-1", JoinOf(code, _key)));
        Assert.IsType<AddAnswer.HasJoined>(await _registry.AddAsync("web-1", Broker));
    }

    [Fact]
    public async Task There_is_a_last_machine()
    {
        for (var i = 0; i < MachineRegistry.MaximumMachines; i++)
        {
            await _record.SaveAsync(new MachineEntry($"web-{i}", _time.GetUtcNow()));
        }

        using var full = MachineRegistry.Open(_record, _time);

        Assert.IsType<AddAnswer.TooMany>(await full.AddAsync("one-more", Broker));
        Assert.IsType<AddAnswer.Added>(await full.AddAsync("web-1", Broker));
    }

    [Fact]
    public async Task What_is_removed_is_gone()
    {
        await EnrolAsync();

        Assert.True(await _registry.RemoveAsync("web-1"));
        Assert.False(await _registry.RemoveAsync("web-1"));

        Assert.Empty(_registry.All());
        Assert.Null(_registry.KeysOf("web-1"));
        Assert.Empty(_record.All());
        Assert.False(await SeenAsync(at: 1));
    }

    [Fact]
    public async Task What_is_not_heard_of_for_45_seconds_is_away()
    {
        await EnrolAsync();
        await SeenAsync(at: 1);

        _time.Advance(TimeSpan.FromSeconds(44));
        Assert.Equal(MachineState.Online, _registry.Find("web-1")!.State);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(MachineState.Away, _registry.Find("web-1")!.State);
        await SeenAsync(at: 2);
        Assert.Equal(MachineState.Online, _registry.Find("web-1")!.State);
    }

    [Fact]
    public async Task What_was_heard_before_keeps_nobody_here()
    {
        await EnrolAsync();
        Assert.True(await SeenAsync(at: 2));
        var seen = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.False(await SeenAsync(at: 2));
        Assert.False(await SeenAsync(at: 1));

        Assert.Equal((MachineState.Away, seen), (_registry.Find("web-1")!.State, _registry.Find("web-1")!.LastSeenAt));
    }

    [Fact]
    public async Task A_machine_speaks_for_itself_only()
    {
        await EnrolAsync();
        await AddAsync("web-2");

        Assert.False(await SeenAsync(at: 1, login: "web-2"));
        Assert.False(await _registry.SeenAsync("web-2", AliveOf("web-2", 1), _time.GetUtcNow()));
        Assert.False(
            await _registry.SeenAsync("web-1", AliveOf("web-1", 1) with { Services = null! }, _time.GetUtcNow())
        );
    }

    [Fact]
    public async Task How_far_its_clock_is_off_is_known()
    {
        await EnrolAsync();

        await SeenAsync(_time.GetUtcNow().AddSeconds(-90).ToUnixTimeMilliseconds());
        Assert.Equal(TimeSpan.FromSeconds(-90), _registry.Find("web-1")!.ClockSkew);

        await SeenAsync(_time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds());
        Assert.Equal(TimeSpan.FromHours(1), _registry.Find("web-1")!.ClockSkew);
    }

    [Fact]
    public async Task That_it_is_there_is_saved_once_a_minute_and_the_first_time_and_when_its_version_is_new()
    {
        await EnrolAsync();
        _record.Saves.Clear();

        for (var i = 1; i <= 8; i++)
        {
            await SeenAsync(at: i);
            _time.Advance(TimeSpan.FromSeconds(15));
        }

        Assert.Equal(2, _record.Saves.Count);
        await SeenAsync(at: 9);
        Assert.Equal(3, _record.Saves.Count);
        await _registry.SeenAsync("web-1", AliveOf("web-1", 10) with { Version = "9.9.9" }, _time.GetUtcNow());
        Assert.Equal("9.9.9", _record.Saves.Last().Version);
    }

    [Fact]
    public async Task After_a_restart_it_is_known_when_it_was_seen_and_its_keys_are_the_same()
    {
        var keys = await EnrolAsync();
        await SeenAsync(at: 1);
        var seen = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(10));

        using var restarted = MachineRegistry.Open(_record, _time);

        var machine = Assert.Single(restarted.All());
        Assert.Equal((MachineState.Away, seen, "1.2.3"), (machine.State, machine.LastSeenAt, machine.Version));
        Assert.Equal(keys.Password, restarted.KeysOf("web-1")!.Password);
    }

    [Fact]
    public async Task What_cannot_be_saved_has_not_happened()
    {
        var join = JoinOf(await AddAsync("web-1"), _key);
        _record.IsBroken = true;

        await Assert.ThrowsAsync<RecordUnavailableException>(() => _registry.AddAsync("web-2", Broker));
        await Assert.ThrowsAsync<RecordUnavailableException>(() => _registry.JoinAsync("web-1", join));
        await Assert.ThrowsAsync<RecordUnavailableException>(() => _registry.RemoveAsync("web-1"));

        Assert.Equal(MachineState.Joining, Assert.Single(_registry.All()).State);
    }

    [Fact]
    public async Task That_it_was_seen_is_known_though_it_cannot_be_saved_and_is_saved_the_next_time()
    {
        await EnrolAsync();
        _record.IsBroken = true;
        await Assert.ThrowsAsync<RecordUnavailableException>(() => SeenAsync(at: 1));
        Assert.Equal(MachineState.Online, _registry.Find("web-1")!.State);

        _record.IsBroken = false;
        await SeenAsync(at: 2);

        Assert.Equal("1.2.3", Assert.Single(_record.All()).Version);
    }

    private async Task<JoinCode> AddAsync(string name) =>
        Assert.IsType<AddAnswer.Added>(await _registry.AddAsync(name, Broker)).Code;

    private async Task<MachineKeys> EnrolAsync()
    {
        var join = JoinOf(await AddAsync("web-1"), _key);
        return Assert.IsType<JoinAnswer.LetIn>(await _registry.JoinAsync("web-1", join)).Keys;
    }

    private Task<bool> SeenAsync(long at, string login = "web-1") =>
        _registry.SeenAsync(login, AliveOf("web-1", at), _time.GetUtcNow());

    private async Task<string> WhyNotAsync(string login, Join join) =>
        Assert.IsType<JoinAnswer.Refused>(await _registry.JoinAsync(login, join)).Why;

    private static MachineAlive AliveOf(string machine, long at) => new(machine, at, "1.2.3", ["site"]);

    private static Join JoinOf(JoinCode code, JoinKey key) => Proven(code, Convert.ToBase64String(key.Public));

    private static Join Proven(JoinCode code, string key) =>
        new(code.Machine, key, JoinCode.ProofOf(code.Secret, code.Machine, key));
}
