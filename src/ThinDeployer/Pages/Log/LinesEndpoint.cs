using System.Globalization;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Deployments;
using ThinDeployer.Http;
using ThinDeployer.Lines;
using ThinDeployer.Output;

namespace ThinDeployer.Pages.Log;

/// <summary>
/// The output of a deployment as the page reads it: by lines, however long it is. <c>lines</c> gives some of them,
/// <c>search</c> the numbers of those that have a text, <c>events</c> how it stands, <c>raw</c> the bytes of all or of a step.
/// </summary>
internal sealed class LinesEndpoint(
    DeskAccess access,
    Door door,
    OutputLines outputs,
    Changes changes,
    OpenStreams streams,
    TimeProvider time
) : IRouteGroup
{
    private const int DefaultCount = 200;

    /// <summary>Of a text that is searched for. Characters.</summary>
    private const int LongestText = 500;

    private readonly WatchedStates _states = new(outputs);

    public IReadOnlyList<RouteEntry> Routes =>
        [
            new("ui/deployments/{id}/lines", ["GET"], (context, id) => OpenAsync(context, id, LinesAsync)),
            new("ui/deployments/{id}/search", ["GET"], (context, id) => OpenAsync(context, id, SearchAsync)),
            new("ui/deployments/{id}/raw", ["GET"], (context, id) => OpenAsync(context, id, RawAsync)),
            new("ui/deployments/{id}/events", ["GET"], FollowAsync),
        ];

    private Task LinesAsync(Look look)
    {
        if (look.Number("line", 0) is not { } line || look.Number("at", 0) is not { } at)
        {
            return look.ComplainAsync("\"line\" and \"at\" must be whole numbers");
        }

        if (look.Number("from", 1) is not { } from || look.Number("count", DefaultCount) is not { } count)
        {
            return look.ComplainAsync("\"from\" and \"count\" must be whole numbers");
        }

        var log = Read(look);
        var reader = new LineReader(log.Lines);
        var lines =
            line == 0 ? reader.Read(Math.Max(1, from), (int)Math.Clamp(count, 1, LineReader.MostLines))
            : line <= log.Lines.Total ? [reader.ReadRest(line, at)]
            : [];
        var times = look.Query.Find("times") is (1, "true") ? TimesOf(look, log, lines) : [];
        return LinesJson.AnswerAsync(look.Context, log.Lines.Total, log.IsComplete, lines, times);
    }

    /// <summary>When each of some lines came, since the start of the deployment; null where that was not noted.</summary>
    private static IReadOnlyList<TimeSpan?> TimesOf(Look look, DeploymentLog log, IReadOnlyList<ShownLine> lines)
    {
        var times = look.Desk.TimesOf(look.Entry);
        return [.. lines.Select(line => times.At(log.Lines.PositionOf(line)))];
    }

    private Task SearchAsync(Look look)
    {
        if (look.Query.Find("q") is not (1, { Length: > 0 and <= LongestText } text) || !look.Query.IsText)
        {
            return look.ComplainAsync($"\"q\" must be a text of 1 to {LongestText} characters");
        }

        if (look.Number("from", 1) is not { } from)
        {
            return look.ComplainAsync("\"from\" must be a whole number");
        }

        var (lines, hasMore) = new LineSearch(Read(look).Lines, text).From(
            Math.Max(1, from),
            look.Context.RequestAborted
        );
        return look.Context.AnswerAsync(
            StatusCodes.Status200OK,
            new FoundJson(lines, hasMore),
            LogJson.Default.FoundJson
        );
    }

    private async Task RawAsync(Look look)
    {
        if (look.Number("step", 0) is not { } number)
        {
            await look.ComplainAsync("\"step\" must be a whole number");
            return;
        }

        var state = look.Output.State;
        var step = StepPlace.Of(state).FirstOrDefault(one => one.Number == number);
        if (number > 0 && step is null)
        {
            await look.Context.AnswerAsync(StatusCodes.Status404NotFound, "There is no such step");
            return;
        }

        var response = look.Context.Response;
        response.ContentType = "text/plain; charset=utf-8";
        if (look.Query.Find("download") is (1, "true"))
        {
            response.Headers.ContentDisposition = $"attachment; filename=\"{NameOf(look.Entry, number)}\"";
        }

        var shape = OutputShape.Of(state.Content);
        var start = step is null ? 0 : shape.Joined(step.Start);
        var end = step is null ? state.Content.Joined().End : shape.Joined(step.End);
        if (ByteRange.Begin(look.Context, end - start, look.Output.End is not null) is { } range)
        {
            await OutputReader.ReadAsync(
                state.Content,
                start + range.From,
                start + range.To,
                piece => response.Body.WriteAsync(piece, look.Context.RequestAborted),
                look.Context.RequestAborted
            );
        }
    }

    private Task FollowAsync(HttpContext context, string id)
    {
        return OpenAsync(
            context,
            id,
            look =>
                streams.OpenAsync(context, look.Caller, () => _states.WatchAsync(look.Desk, look.Entry, Write(look)))
        );

        Func<WatchedState, Task> Write(Look look)
        {
            var isSession = door.IsBySession(context.Request, look.Query);
            return state =>
                new StateStream(
                    context,
                    look.Entry.Service,
                    state,
                    changes,
                    () => !isSession || door.CallerOf(context.Request)?.MaySee(look.Entry.Service) == true,
                    time
                ).WriteAsync(look.Output);
        }
    }

    private DeploymentLog Read(Look look) =>
        DeploymentLog.Of(look.Output, look.Entry.Id, outputs, look.Context.RequestAborted);

    /// <summary>The output stays until it is answered.</summary>
    private Task OpenAsync(HttpContext context, string id, Func<Look, Task> answer) =>
        access.FindAsync(
            context,
            id,
            async (desk, caller, query, entry) =>
            {
                using var hold = desk.HoldOutput(entry.Id);
                using var output = desk.Follow(entry);
                await (
                    output is null
                        ? context.AnswerLaterAsync("The end of this deployment is not recorded yet", entry.Service)
                        : answer(new Look(context, desk, caller, query, entry, output))
                );
            }
        );

    /// <summary>Without a character that could mean something to a browser or a disk.</summary>
    private static string NameOf(DeploymentEntry entry, long step)
    {
        var service = string.Concat(entry.Service.Select(one => char.IsAsciiLetterOrDigit(one) ? one : '-'));
        var part = step > 0 ? string.Create(CultureInfo.InvariantCulture, $"-step-{step}") : "";
        return $"{service}-{Shown.Id(entry.Id)}{part}.log";
    }

    /// <summary>A request that was let in.</summary>
    private sealed record Look(
        HttpContext Context,
        Desk Desk,
        Caller Caller,
        ArgumentCollection Query,
        DeploymentEntry Entry,
        FollowedOutput Output
    )
    {
        /// <summary>Null for what is none.</summary>
        internal long? Number(string name, long byDefault) =>
            Query.Find(name) switch
            {
                (0, _) => byDefault,
                (1, var text)
                    when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
                _ => null,
            };

        internal Task ComplainAsync(string message) => Context.AnswerAsync(StatusCodes.Status400BadRequest, message);
    }
}
