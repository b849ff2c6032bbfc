using Microsoft.Extensions.Logging;
using NLog.Config;
using NLog.Extensions.Logging;
using NLog.Layouts;
using NLog.Targets;
using NLog.Targets.Wrappers;

namespace ThinDeployer.Logging;

/// <summary>Where the log goes: the console, and a file if one is named.</summary>
internal static class LogOutputs
{
    /// <summary>Bytes.</summary>
    private const int RotateAbove = 100 * 1024 * 1024;

    /// <summary>Rotated files.</summary>
    private const int Keep = 10;

    /// <summary>Entries that wait to be written; who has one more waits for room.</summary>
    private const int MaximumWaiting = 10_000;

    /// <summary>
    /// Milliseconds. What comes within is written together: strangers, whose requests cost an entry each, would else cost
    /// a write to the disk each.
    /// </summary>
    private const int Together = 50;

    /// <param name="logging">Where to.</param>
    /// <param name="console">Whether the console is ours to write to.</param>
    /// <param name="file">Full path of the log file; null for none.</param>
    /// <param name="asJson">Whether an entry is an object for programs, and not a line for a person.</param>
    internal static void AddLogOutputs(this ILoggingBuilder logging, bool console, string? file, bool asJson)
    {
        // A factory of the host's own: the one that a process shares is closed once for good, by the first host that ends, and
        // what any later one says would be written after its end.
        var configuration = new LoggingConfiguration(new NLog.LogFactory());
        // Who waits for an answer does not wait for the line: the thread that writes it also makes it.
        var layout = Layout.FromMethod(asJson ? JsonLogLine.Of : LogLine.Of, LayoutRenderOptions.ThreadAgnostic);
        if (console)
        {
            configuration.AddRuleForAllLevels(Behind(new ConsoleTarget("console") { Layout = layout }));
        }

        if (file is not null)
        {
            configuration.AddRuleForAllLevels(
                Behind(
                    new OwnerFileTarget
                    {
                        FileName = Layout.FromLiteral(file),
                        Layout = layout,
                        ArchiveAboveSize = RotateAbove,
                        // Rotated files get a suffix, so that the file that was named stays the current one.
                        ArchiveFileName = Layout.FromLiteral(file),
                        ArchiveSuffixFormat = ".{0:00}",
                        MaxArchiveFiles = Keep,
                    }
                )
            );
        }

        logging.SetMinimumLevel(LogLevel.Information);
        // What the web server says of itself concerns an operator only when something is wrong; and its line a request
        // would show the query, with the token in it.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // An answer that is broken off on purpose is an unhandled exception to it.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        // A start that fails is told by who starts the host, in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddNLog(
            configuration,
            new NLogProviderOptions
            {
                ShutdownOnDispose = true,
                RemoveLoggerFactoryFilter = false,
                // Their numbers mean nothing to who reads the log.
                CaptureEventId = EventIdCaptureType.None,
                // What a message was made of is shown in JSON only.
                CaptureMessageTemplates = asJson,
                CaptureMessageProperties = asJson,
            }
        );
    }

    /// <summary>A target whose entries are written by another thread.</summary>
    private static AsyncTargetWrapper Behind(Target target) =>
        new(target, MaximumWaiting, AsyncTargetWrapperOverflowAction.Block)
        {
            Name = target.Name + "-queue",
            TimeToSleepBetweenBatches = Together,
        };
}
