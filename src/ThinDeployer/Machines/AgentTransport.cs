using Microsoft.Extensions.Logging;

namespace ThinDeployer.Machines;

/// <summary>How a machine reaches its front.</summary>
public sealed class AgentTransport
{
    private readonly Func<LineAddress, TimeProvider, ILoggerFactory, IAgentLine> _open;
    private readonly Func<LineAddress, CancellationToken, Task> _test;

    /// <param name="open">Fails with <see cref="FormatException"/> for what can be no transport; the message says why.</param>
    /// <param name="test">As <see cref="TestAsync"/>.</param>
    internal AgentTransport(
        Func<LineAddress, TimeProvider, ILoggerFactory, IAgentLine> open,
        Func<LineAddress, CancellationToken, Task> test
    ) => (_open, _test) = (open, test);

    /// <exception cref="FormatException">The address, or the file of authorities, is none that may be used.</exception>
    internal IAgentLine Open(LineAddress address, TimeProvider time, ILoggerFactory loggers) =>
        _open(address, time, loggers);

    /// <summary>Connects once, takes nothing, and goes.</summary>
    /// <exception cref="FormatException">As of <see cref="Open"/>.</exception>
    /// <exception cref="LineDownException">It can't be used; the message says why.</exception>
    internal Task TestAsync(LineAddress address, CancellationToken stop) => _test(address, stop);
}
