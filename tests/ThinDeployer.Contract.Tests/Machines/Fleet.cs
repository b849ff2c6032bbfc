using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Paging;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Machines;

/// <summary>A front and its machines, which have joined it through a real broker.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly ProgramStart _start;
    private readonly Dictionary<string, FleetMachine> _machines = new(StringComparer.Ordinal);

    private Fleet(TestBroker broker, string place, ProgramStart start, RunningServer front) =>
        (Broker, Place, _start, Front) = (broker, place, start, front);

    /// <summary>So many that a first batch of one leaves a batch of several.</summary>
    internal static IReadOnlyList<string> UsualNames { get; } = ["web-1", "web-2", "web-3"];

    internal TestBroker Broker { get; }

    /// <summary>Its virtual host.</summary>
    internal string Place { get; }

    internal RunningServer Front { get; private set; }

    internal IReadOnlyCollection<FleetMachine> Machines => _machines.Values;

    internal FleetMachine this[string name] => _machines[name];

    /// <summary>Comes when all machines are there.</summary>
    /// <param name="broker">Gives it a virtual host of its own.</param>
    /// <param name="front">The configuration of the front.</param>
    /// <param name="machine">The configuration of a machine, by its name.</param>
    /// <param name="names">Of the machines; null for <see cref="UsualNames"/>.</param>
    /// <param name="host">Of the front; null for the standalone server.</param>
    /// <param name="prepare">Called with each machine, and the virtual host, before it starts; null for nothing.</param>
    internal static async Task<Fleet> StartAsync(
        TestBroker broker,
        string front,
        Func<string, string> machine,
        IReadOnlyList<string>? names = null,
        IHostProgram? host = null,
        Action<FleetMachine, string>? prepare = null
    )
    {
        var place = await broker.NewPlaceAsync();
        var workspace = new Workspace();
        workspace.Write("deployer.yml", front);
        var start = new ProgramStart(host ?? new StandaloneServer(), workspace)
        {
            Settings = new Dictionary<string, string>(PageSession.Settings)
            {
                ["THIN_DEPLOYER_BROKER"] = broker.Address(place).ToString(),
            },
        };
        var fleet = new Fleet(broker, place, start, await RunningServer.StartAsync(start));
        try
        {
            foreach (var name in names ?? UsualNames)
            {
                await fleet.AddAsync(name, machine(name), one => prepare?.Invoke(one, place));
            }

            await fleet.AllAreThereAsync();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a machine's code at the front, and starts the machine with it.</summary>
    internal async Task<FleetMachine> AddAsync(string name, string configuration, Action<FleetMachine>? prepare = null)
    {
        var answer = await AdminAsync(HttpMethod.Post, $"/machines?name={name}");
        Assert.Equal(201, answer.Status);
        var machine = _machines[name] = new FleetMachine(name, answer.Json.GetProperty("code").GetString()!);
        machine.Workspace.Write("deployer.yml", configuration);
        prepare?.Invoke(machine);
        machine.Start();
        return machine;
    }

    /// <summary>Waits until the front has heard of every machine.</summary>
    internal async Task AllAreThereAsync()
    {
        try
        {
            await Eventually.IsTrueAsync(
                async () => (await MachinesAsync()).Count(one => one.GetProperty("state").GetString() == "online"),
                _machines.Count,
                "all machines are online"
            );
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{Transcripts()}", exception);
        }
    }

    /// <summary>What the front says of its machines.</summary>
    internal async Task<IReadOnlyList<JsonElement>> MachinesAsync() =>
        [.. (await AdminAsync(HttpMethod.Get, "/machines")).Json.GetProperty("machines").EnumerateArray()];

    internal Task<Answer> AdminAsync(HttpMethod method, string path) =>
        Front.SendAsync(method, path, content: null, ("X-Auth-Token", PageSession.AdminToken));

    /// <summary>Deploys, and does not wait.</summary>
    /// <returns>The id.</returns>
    internal async Task<string> BeginAsync(string serviceAndQuery)
    {
        var answer = await Front.DeployAtOnceAsync(serviceAndQuery);
        Assert.True(answer.Status == 202, $"{answer}\n{Transcripts()}");
        return answer.Json.GetProperty("id").GetString()!;
    }

    /// <summary>Deploys, to the end.</summary>
    internal async Task<JsonElement> DeployAsync(string serviceAndQuery) =>
        await EndOfAsync(await BeginAsync(serviceAndQuery));

    /// <summary>Waits until a deployment, of all or of one machine, has ended.</summary>
    internal async Task<JsonElement> EndOfAsync(string id)
    {
        try
        {
            return await Front.EndOfAsync(id);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{await AskAsync(id)}\n{Transcripts()}", exception);
        }
    }

    internal async Task<JsonElement> AskAsync(string id) => (await Front.AskAsync($"/deployments/{id}")).Json;

    /// <summary>What a deployment printed.</summary>
    /// <param name="id">Of it.</param>
    /// <param name="query">Such as <c>?machine=web-1</c>.</param>
    internal async Task<string> LogAsync(string id, string query = "") =>
        (await Front.AskAsync($"/deployments/{id}/log{query}")).Text;

    /// <summary>Waits until a machine of a deployment has a status.</summary>
    internal Task ComesToAsync(string id, string machine, string status) =>
        Eventually.IsTrueAsync(
            async () => StatusOf(await AskAsync(id), machine) == status ? 1 : 0,
            1,
            $"{machine} is {status}"
        );

    /// <summary>How a deployment stands on one of its machines.</summary>
    internal static JsonElement On(JsonElement whole, string machine) =>
        whole.GetProperty("machines").EnumerateArray().Single(one => one.GetProperty("machine").GetString() == machine);

    internal static string? StatusOf(JsonElement whole, string machine) =>
        whole.TryGetProperty("machines", out _) ? On(whole, machine).GetProperty("status").GetString() : null;

    /// <summary>The id of one machine's deployment.</summary>
    internal static string ChildOf(JsonElement whole, string machine) =>
        On(whole, machine).GetProperty("id").GetString()!;

    /// <summary>The statuses of all machines, in the order of the rollout.</summary>
    internal static IEnumerable<string?> StatusesOf(JsonElement whole) =>
        whole.GetProperty("machines").EnumerateArray().Select(one => one.GetProperty("status").GetString());

    /// <summary>Ends the front as a crash would, and starts it on what it left.</summary>
    /// <param name="between">What happens while none is there; null for nothing.</param>
    /// <param name="hasBroker">Whether it is told of the broker.</param>
    internal async Task CrashFrontAsync(Func<Task>? between = null, bool hasBroker = true) =>
        Front = await Front.CrashAndRestartAsync(
            hasBroker ? _start : _start with { Settings = PageSession.Settings },
            between
        );

    /// <summary>What all have printed, without questions, for a test that fails.</summary>
    internal string Transcripts() =>
        string.Join(
            '\n',
            Machines.Select(one => TranscriptOf(one.Name, one.Program)).Prepend(TranscriptOf("front", Front.Program))
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in Machines)
        {
            await machine.DisposeAsync();
        }

        await Front.DisposeAsync();
    }

    private static string TranscriptOf(string name, StartedProgram? program) =>
        $"--- {name}\n"
        + string.Join(
            '\n',
            (program?.Output.Lines ?? [])
                .Concat(program?.Errors.Lines ?? [])
                .Where(line => !line.Contains(" GET /", StringComparison.Ordinal))
        );
}
