using Microsoft.Extensions.Logging;

namespace ThinDeployer.Logging;

/// <summary>One entry of the log, not yet made into text: that is done by the thread that writes it.</summary>
/// <param name="time">When it was said.</param>
/// <param name="room">So many may wait for it to be taken.</param>
internal abstract class LogEntry(DateTimeOffset time, LogLevel level, int room, Exception? exception)
{
    internal DateTimeOffset Time => time;

    internal LogLevel Level => level;

    internal int Room => room;

    internal Exception? Exception => exception;

    internal abstract string Message { get; }

    /// <summary>What the message is made of, by name.</summary>
    internal abstract IEnumerable<KeyValuePair<string, object?>> Facts { get; }
}

/// <summary>An entry of the log, with what its speaker handed over.</summary>
internal sealed class LogEntry<TState>(
    DateTimeOffset time,
    LogLevel level,
    int room,
    TState state,
    Exception? exception,
    Func<TState, Exception?, string> formatter
) : LogEntry(time, level, room, exception)
{
    internal override string Message => formatter(state, Exception);

    internal override IEnumerable<KeyValuePair<string, object?>> Facts =>
        state as IEnumerable<KeyValuePair<string, object?>> ?? [];
}
