using Microsoft.Extensions.Logging;
using ThinDeployer.FunctionsHost.Rpc;

namespace ThinDeployer.FunctionsHost;

/// <summary>What workers log, on the console, as far as <c>host.json</c> wants it.</summary>
internal sealed class WorkerLog(ILoggerFactory loggers)
{
    internal void Write(RpcLog entry) =>
        loggers
            .CreateLogger(entry.Category)
            .Log((LogLevel)(int)entry.Level, default, entry, exception: null, static (told, _) => TextOf(told));

    private static string TextOf(RpcLog entry) =>
        entry.Exception is { } cause ? $"{entry.Message}\n{cause.Message}\n{cause.StackTrace}" : entry.Message;
}
