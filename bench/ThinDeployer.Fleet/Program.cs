using System.Diagnostics;
using System.Globalization;
using ThinDeployer.Fleet;

// FRONT MACHINES ROUNDS [ANSIBLE]: see bench/README.md.
var binary = args[0];
var count = int.Parse(args[1], CultureInfo.InvariantCulture);
var rounds = int.Parse(args[2], CultureInfo.InvariantCulture);
var ansible = args.Length > 3 ? args[3] : null;

await using var broker = await TestBroker.StartAsync();
await using var front = await Front.StartAsync(binary, broker.Address());
await using var agents = new Agents();
var begun = Stopwatch.GetTimestamp();
await agents.StartAsync(front, count);
Say($"{count} machines joined in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
Say($"front with them, idle: {Counted.Memory(front.ProcessId, "VmRSS"):0.0} MiB");
await front.DeployAsync(count);
await front.DeployAsync(count);
Counted.ForgetPeak(front.ProcessId);

using var folder = new TemporaryFolder();
await File.WriteAllLinesAsync(
    folder.At("hosts"),
    Enumerable
        .Range(1, count)
        .Select(number => $"web-{number} ansible_connection=local ansible_python_interpreter=/usr/bin/python3")
);

for (var round = 1; round <= rounds; round++)
{
    await RolloutAsync();
    if (ansible is not null)
    {
        await AnsibleAsync(5);
        await AnsibleAsync(count);
    }
}

Say(
    $"front: at most {Counted.Memory(front.ProcessId, "VmHWM"):0.0} MiB, after {Counted.Memory(front.ProcessId, "VmRSS"):0.0} MiB"
);
if (ansible is not null)
{
    Say(
        $"all of ours together: front {Counted.MemoryOfTree(front.ProcessId):0} MiB, broker {Counted.MemoryOfTree(broker.ProcessId):0} MiB"
    );
    foreach (var forks in new[] { 5, count })
    {
        Say($"ansible, {forks} forks: at most {await PeakAsync(forks):0} MiB");
    }
}

async Task RolloutAsync()
{
    var before = Processors();
    var since = Stopwatch.GetTimestamp();
    await front.DeployAsync(count);
    var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
    var after = Processors();
    Say(
        $"rollout: {seconds:0.000} s, {count / seconds:0} orders/s; processor time: front {after[0] - before[0]:0.00} s, broker {after[1] - before[1]:0.00} s, machines {after[2] - before[2]:0.00} s"
    );
}

double[] Processors() =>
    [
        Counted.Processor(front.ProcessId, withChildren: true),
        Counted.Processor(broker.ProcessId),
        Counted.Processor(Environment.ProcessId, withChildren: true),
    ];

async Task AnsibleAsync(int forks)
{
    var (seconds, processor) = await Counted.RunAsync(StartOf(forks));
    Say($"ansible, {forks} forks: {seconds:0.000} s, {count / seconds:0} hosts/s; processor time: {processor:0.00} s");
}

async Task<double> PeakAsync(int forks)
{
    var start = StartOf(forks);
    start.RedirectStandardOutput = true;
    using var process = Process.Start(start)!;
    var said = process.StandardOutput.ReadToEndAsync();
    var most = 0.0;
    while (!process.HasExited)
    {
        try
        {
            most = Math.Max(most, Counted.MemoryOfTree(process.Id));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended.
        }

        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    }

    await said;
    return most;
}

ProcessStartInfo StartOf(int forks)
{
    string[] arguments = ["all", "-i", folder.At("hosts"), "-f", $"{forks}", "-m", "command", "-a", "true"];
    return new ProcessStartInfo(ansible!, arguments)
    {
        WorkingDirectory = folder.FullName,
        Environment = { ["HOME"] = folder.FullName },
    };
}

static void Say(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
