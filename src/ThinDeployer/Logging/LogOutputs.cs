using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ThinDeployer.Logging;

/// <summary>Where the log goes: the console, and a file if one is named. Each has a writer, so that none waits for the other.</summary>
internal sealed class LogOutputs : ILoggerProvider
{
    /// <summary>Bytes.</summary>
    private const long RotateAbove = 100 * 1024 * 1024;

    /// <summary>Rotated files.</summary>
    private const int Keep = 10;

    private readonly List<LogWriter> _writers;
    private readonly TimeProvider _time;
    private int _isDisposed;

    internal LogOutputs(IEnumerable<ILogTarget> targets, bool asJson, TimeProvider time)
    {
        _time = time;
        _writers = [];
        _writers =
        [
            .. targets.Select(target => new LogWriter(target, asJson ? JsonLogLine.Of : LogLine.Of, TellOthers, time)),
        ];
    }

    /// <summary>Why lines are being lost: a sentence; null where all is well.</summary>
    internal string? Trouble =>
        string.Join("; ", _writers.Select(writer => writer.Trouble).OfType<string>()) is { Length: > 0 } trouble
            ? trouble
            : null;

    /// <summary>Lines that were lost so far, in all places together.</summary>
    internal long Lost => _writers.Sum(writer => writer.Lost);

    /// <summary>What the log takes on a disk; null where it has no file, or that can't be looked at.</summary>
    internal long? FileBytes
    {
        get
        {
            try
            {
                return _writers.Select(writer => writer.Bytes).FirstOrDefault(bytes => bytes is not null);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <param name="console">Whether the console is ours to write to.</param>
    /// <param name="file">Full path of the log file; null for none.</param>
    internal static IEnumerable<ILogTarget> Targets(bool console, string? file)
    {
        if (console)
        {
            yield return new LogConsole();
        }

        if (file is not null)
        {
            yield return new LogFile(file, RotateAbove, Keep);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Speaker(this, categoryName);

    /// <summary>The container does it for each of its two names.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        _writers.ForEach(writer => writer.Close());
        _writers.ForEach(writer => writer.Dispose());
    }

    /// <summary>Who can't be written has no use for it, and hears it all the same once it can.</summary>
    private void TellOthers(LogEntry complaint) => _writers.ForEach(writer => writer.Write(complaint));

    private sealed class Speaker(LogOutputs outputs, string category) : ILogger
    {
        /// <summary>What others warn of may be what strangers cause.</summary>
        private readonly bool _isOurs = category.StartsWith(nameof(ThinDeployer), StringComparison.Ordinal);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && outputs._writers.Count > 0;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            var room = LineKind.RoomFor(_isOurs ? eventId : LineKind.Request);
            var entry = new LogEntry<TState>(outputs._time.GetUtcNow(), logLevel, room, state, exception, formatter);
            foreach (var writer in outputs._writers)
            {
                writer.Write(entry);
            }
        }
    }
}

internal static class LogWiring
{
    /// <summary>Adds the outputs, and what is said at all.</summary>
    /// <param name="logging">Where to.</param>
    /// <param name="console">Whether the console is ours to write to.</param>
    /// <param name="file">Full path of the log file; null for none.</param>
    /// <param name="asJson">Whether an entry is an object for programs, and not a line for a person.</param>
    internal static void AddLogOutputs(this ILoggingBuilder logging, bool console, string? file, bool asJson)
    {
        logging
            .Services.AddSingleton(provider => new LogOutputs(
                LogOutputs.Targets(console, file),
                asJson,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<LogOutputs>());
        logging.SetMinimumLevel(LogLevel.Information);
        // What the web server says of itself concerns an operator only when something is wrong; and its line a request
        // would show the query, with the token in it.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // An answer that is broken off on purpose is an unhandled exception to it.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        // A start that fails is told by who starts the host, in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }
}
