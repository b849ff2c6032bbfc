using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ThinDeployer.Logging;

namespace ThinDeployer.Http;

/// <summary>
/// Tells the log of requests: each of who was let in, and of what strangers send as much as an operator can read; the
/// rest becomes a count.
/// </summary>
internal sealed class RequestLog : IDisposable
{
    /// <summary>Counts that are told by address, the highest.</summary>
    private const int MaximumCounts = 100;

    /// <summary>Characters of a path.</summary>
    private const int LongestPath = 256;

    /// <summary>Characters of a method.</summary>
    private const int LongestMethod = 16;

    /// <summary>The client left before its answer.</summary>
    private const string Left = "client_left";

    /// <summary>A failure was told by breaking the answer off.</summary>
    private const string BrokenOff = "broken_off";

    private readonly RequestTally _tally = new();
    private readonly ILogger<RequestLog> _logger;
    private readonly ITimer _period;

    internal RequestLog(TimeProvider time, ILogger<RequestLog> logger)
    {
        _logger = logger;
        _period = time.CreateTimer(_ => TellCounts(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <param name="context">Answered.</param>
    /// <param name="milliseconds">That it took.</param>
    internal void Answered(HttpContext context, long milliseconds) =>
        Tell(context, RequestNote.Of(context)?.Code, milliseconds);

    internal void ClientLeft(HttpContext context, long milliseconds) => Tell(context, Left, milliseconds);

    internal void BrokeOff(HttpContext context, long milliseconds) => Tell(context, BrokenOff, milliseconds);

    /// <summary>Tells what it has counted.</summary>
    public void Dispose()
    {
        _period.Dispose();
        TellCounts();
    }

    private void Tell(HttpContext context, string? reason, long milliseconds)
    {
        var note = RequestNote.Of(context);
        var (client, status) = (context.Client(), context.Response.StatusCode);
        var kind = LineKind.Request;
        if (note?.Who is null)
        {
            var tallied = _tally.Add(client, new AnswerKind(status, reason), out var begins);
            if (begins)
            {
                _period.Change(RequestTally.Period, Timeout.InfiniteTimeSpan);
            }

            if (tallied is Tallied.Counted)
            {
                return;
            }

            kind = tallied is Tallied.First ? LineKind.FirstOfAddress : kind;
        }

        _logger.Say(
            LogLevel.Information,
            new FactLine(
                note?.Rule is null
                    ? "{Method} {Path} {Status}[ ({Reason})][ signed as {Signed}][ by {Who}] for {Address} in {Milliseconds} ms"
                    : "{Method} {Path} {Status} ({Reason}: {Rule})[ by {Who}] for {Address} in {Milliseconds} ms",
                new("Method", Cut(context.Request.Method, LongestMethod)),
                new("Path", Cut(context.Request.Path, LongestPath)),
                new("Status", status),
                new("Reason", reason),
                new("Rule", note?.Rule),
                new("Signed", note?.Signed),
                new("Who", note?.Who),
                new("Address", client.ToString()),
                new("Milliseconds", milliseconds)
            ),
            kind
        );
    }

    private void TellCounts()
    {
        foreach (var counted in _tally.Take(MaximumCounts))
        {
            _logger.Say(
                LogLevel.Information,
                new FactLine(
                    "{Count} more requests were answered by {Status}[ ({Reason})] for {Address} within "
                        + $"{RequestTally.Period.TotalSeconds:0} s",
                    new("Count", counted.Count),
                    new("Status", counted.Answer.Status),
                    new("Reason", counted.Answer.Reason),
                    new("Address", counted.Client?.ToString() ?? "other addresses")
                )
            );
        }
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length] + "…";
}
