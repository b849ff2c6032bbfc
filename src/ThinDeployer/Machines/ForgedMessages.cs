using System.Globalization;
using Microsoft.Extensions.Logging;
using ThinDeployer.Audit;

namespace ThinDeployer.Machines;

/// <summary>
/// Tells of what was not sent by whom it should be, or not to this machine. Who sends it chooses how much that is, so it is told
/// once a minute.
/// </summary>
internal sealed partial class ForgedMessages(AuditTrail audit, TimeProvider time, ILogger<ForgedMessages> logger)
{
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private DateTimeOffset? _toldAt;
    private long _untold;

    /// <param name="what">Part of a sentence, in which nothing is that came from outside.</param>
    /// <param name="action">One of <see cref="AuditAction"/>: what it was meant for.</param>
    /// <param name="who">By whose login it came; null where that is always the front's.</param>
    internal void Drop(string what, string action = AuditAction.Deploy, string? who = null)
    {
        long untold;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_toldAt is { } before && now >= before && now - before < Window)
            {
                _untold++;
                return;
            }

            _toldAt = now;
            (untold, _untold) = (_untold, 0);
        }

        var more = untold == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {untold} more since the last");
        Log.Dropped(logger, what, more);
        audit.Note(new AuditEntry(action, AuditResult.Refused) { Who = who, Reason = what + more });
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Dropped {What}{More}")]
        internal static partial void Dropped(ILogger logger, string what, string more);
    }
}
