using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Machines;
using ThinDeployer.Storage;

namespace ThinDeployer.Tests.Machines;

/// <summary>How a machine gets in, whatever is cut off meanwhile.</summary>
public sealed class AgentJoinTests : IDisposable
{
    private static readonly Uri Broker = new("amqp://127.0.0.1");

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MachineRegistry _registry;

    /// <summary>What the broker has of the machine's login.</summary>
    private string? _password;

    /// <summary>Whether what the front says gets through.</summary>
    private bool _isHeard = true;

    private readonly List<string> _said = [];

    public AgentJoinTests()
    {
        _registry = MachineRegistry.Open(new MemoryMachines(), _time);
        _time.AutoAdvanceAmount = TimeSpan.FromMilliseconds(1);
    }

    public void Dispose()
    {
        _registry.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_machine_with_a_code_is_let_in()
    {
        var code = await CodeAsync();
        var identity = MachineIdentity.New(code);

        Assert.True(await JoinAsync(code, identity, mayBeIn: false));

        Assert.Equal(_registry.KeysOf("web-1")!.Password, identity.Keys!.Password);
        Assert.Equal(_password, identity.Keys!.Password);
        Assert.Equal(["asked to be let in as web-1; waits for the front"], _said);
    }

    [Fact]
    public async Task Who_was_let_in_and_never_heard_of_it_is_in_at_the_next_start()
    {
        var code = await CodeAsync();
        var path = _folder.At(MachineFile.JoiningName);
        MachineFile.Write(path, MachineIdentity.New(code));
        _isHeard = false;
        using (var crash = new CancellationTokenSource())
        {
            var before = JoinAsync(code, MachineFile.Read(path)!, mayBeIn: false, crash.Token);
            Assert.True(SpinWait.SpinUntil(() => _registry.KeysOf("web-1") is not null, TimeSpan.FromMinutes(1)));
            await crash.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => before);
        }

        Assert.True(await JoinAsync(code, MachineFile.Read(path)!, mayBeIn: true));

        Assert.Equal(_registry.KeysOf("web-1")!.Password, _password);
    }

    [Fact]
    public async Task A_code_that_is_over_lets_nobody_in()
    {
        var code = await CodeAsync();
        _time.Advance(JoinCode.Life);

        Assert.False(await JoinAsync(code, MachineIdentity.New(code), mayBeIn: false));

        Assert.Null(_registry.KeysOf("web-1"));
    }

    [Fact]
    public void What_a_machine_has_joined_by_is_for_its_owner_and_comes_back_as_it_was()
    {
        using var front = JoinKey.New();
        using var machine = JoinKey.New();
        var identity = new MachineIdentity("web-1", Broker, machine.Private, front.Public);
        var path = _folder.At(MachineFile.Name);

        MachineFile.Write(path, identity);
        MachineFile.Write(path, identity);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var read = MachineFile.Read(path)!;
        Assert.Equal(("web-1", Broker), (read.Machine, read.Broker));
        Assert.Equal(identity.Keys!.Password, read.Keys!.Password);
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"machine":"web-1","broker":"amqp://127.0.0.1","privateKey":"AAAA","frontKey":"AAAA"}""")]
    public void What_is_no_such_file_is_said_to_be_none(string text)
    {
        var path = _folder.Write(MachineFile.Name, System.Text.Encoding.UTF8.GetBytes(text));

        var said = Assert.Throws<StorageException>(() => MachineFile.Read(path));

        Assert.Contains("join again", said.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_has_joined_there_is_no_file() =>
        Assert.Null(MachineFile.Read(_folder.At("missing/machine.json")));

    private async Task<JoinCode> CodeAsync()
    {
        var code = Assert.IsType<AddAnswer.Added>(await _registry.AddAsync("web-1", Broker)).Code;
        _password = code.FirstPassword;
        return code;
    }

    private Task<bool> JoinAsync(
        JoinCode code,
        MachineIdentity identity,
        bool mayBeIn,
        CancellationToken stop = default
    ) =>
        new AgentJoin(
            code,
            identity,
            identity.Keys!,
            password => new MemoryLogin(this, password),
            _said.Add,
            _time
        ).RunAsync(mayBeIn, stop);

    /// <summary>The broker lets in who has the password, and the front answers behind it.</summary>
    private sealed class MemoryLogin(AgentJoinTests test, string password) : IAgentLine
    {
        private Func<Envelope, Task>? _take;
        private volatile string? _trouble = "it is not connected yet";

        public string? Trouble => _trouble;

        public async Task RunAsync(
            Func<Envelope, Task> onOrder,
            Func<Envelope, Task> onControl,
            Action onConnected,
            CancellationToken stop
        )
        {
            await Task.Yield();
            _take = onOrder;
            if (password == test._password)
            {
                _trouble = null;
                onConnected();
            }
            else
            {
                _trouble = "the broker does not let it in";
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, test._time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        public async Task SendReportAsync(Envelope report, CancellationToken stop)
        {
            var join = Message.Parse(report.Body.Span)!.Join!;
            if (await test._registry.JoinAsync("web-1", join) is not JoinAnswer.LetIn(var keys))
            {
                return;
            }

            test._password = keys.Password;
            if (test._isHeard)
            {
                await _take!(
                    keys.Orders.Seal(new Message { Joined = new Joined("web-1") }, "joined", test._time.GetUtcNow())
                );
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
