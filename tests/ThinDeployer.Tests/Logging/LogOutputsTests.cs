using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ThinDeployer.Logging;

namespace ThinDeployer.Tests.Logging;

/// <summary>Hosts in one process, such as those of tests: each has its log for itself, and lets go of it at its end.</summary>
public sealed partial class LogOutputsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_host_said_is_written_when_it_has_ended_even_if_another_ended_before()
    {
        await SayAndEndAsync("first");
        await SayAndEndAsync("second");

        Assert.EndsWith("of first\n", Read("first"), StringComparison.Ordinal);
        Assert.EndsWith("of second\n", Read("second"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_hosts_at_once_write_to_their_own_files()
    {
        await using (var one = Outputs("one"))
        await using (var two = Outputs("two"))
        {
            Say(one, "of one");
            Say(two, "of two");
        }

        Assert.EndsWith("of one\n", Read("one"), StringComparison.Ordinal);
        Assert.EndsWith("of two\n", Read("two"), StringComparison.Ordinal);
    }

    private async Task SayAndEndAsync(string name)
    {
        await using var host = Outputs(name);
        Say(host, $"of {name}");
    }

    private string Read(string name) => File.ReadAllText(_folder.At(name));

    private ServiceProvider Outputs(string name)
    {
        var host = new ServiceCollection()
            .AddLogging(logging => logging.AddLogOutputs(console: false, _folder.At(name), asJson: false))
            .BuildServiceProvider();
        // The outputs begin with the first logger.
        _ = host.GetRequiredService<ILoggerFactory>();
        return host;
    }

    private static void Say(ServiceProvider host, string words) =>
        Log.Said(host.GetRequiredService<ILoggerFactory>().CreateLogger("test"), words);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Words}")]
        internal static partial void Said(ILogger logger, string words);
    }
}
