using Microsoft.Extensions.Logging;

namespace ThinDeployer.Machines;

/// <summary>How a machine reaches its front.</summary>
public sealed class AgentTransport
{
    private readonly Func<LineAddress, TimeProvider, ILoggerFactory, IAgentLine> _open;

    /// <param name="open">Fails with <see cref="FormatException"/> for what can be no transport; the message says why.</param>
    internal AgentTransport(Func<LineAddress, TimeProvider, ILoggerFactory, IAgentLine> open) => _open = open;

    /// <exception cref="FormatException">The address, or the file of authorities, is none that may be used.</exception>
    internal IAgentLine Open(LineAddress address, TimeProvider time, ILoggerFactory loggers) =>
        _open(address, time, loggers);
}
