using Microsoft.Extensions.Logging;

namespace ThinDeployer.Tests;

/// <summary>Hands on each line that is logged, with what was thrown.</summary>
internal sealed class LineLogger<T>(Action<LogLevel, string, Exception?> take) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => take(logLevel, formatter(state, exception), exception);
}
