using Microsoft.Extensions.Logging;

namespace ThinDeployer.Machines;

/// <summary>How a front reaches its machines. A host that can be one adds it beside the core.</summary>
public sealed class FrontTransport
{
    private readonly Func<LineAddress, TimeProvider, ILoggerFactory, IFrontLine> _open;

    /// <param name="open">Fails with <see cref="FormatException"/> for what can be no transport; the message says why.</param>
    internal FrontTransport(Func<LineAddress, TimeProvider, ILoggerFactory, IFrontLine> open) => _open = open;

    /// <exception cref="FormatException">The address, or the file of authorities, is none that may be used.</exception>
    internal IFrontLine Open(LineAddress address, TimeProvider time, ILoggerFactory loggers) =>
        _open(address, time, loggers);
}
