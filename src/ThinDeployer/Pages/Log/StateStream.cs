using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ThinDeployer.Deployments;
using ThinDeployer.Http;

namespace ThinDeployer.Pages.Log;

/// <summary>
/// How a deployment stands, again and again until it has ended, as <c>text/event-stream</c>: <c>state</c> with all of it, at
/// last <c>end</c>; or <c>over</c> where the session of the reader is gone.
/// </summary>
/// <param name="context">To answer.</param>
/// <param name="service">Of the deployment.</param>
/// <param name="state">Of the deployment.</param>
/// <param name="changes">Tells where it waits.</param>
/// <param name="isLetIn">Whether the reader still may read.</param>
/// <param name="time">The clock.</param>
internal sealed class StateStream(
    HttpContext context,
    string service,
    WatchedState state,
    Changes changes,
    Func<bool> isLetIn,
    TimeProvider time
)
{
    /// <summary>Between two states, however much is printed: nobody reads faster.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Proxies cut a connection that is silent for longer, some after 60 s.</summary>
    private static readonly TimeSpan CommentEvery = TimeSpan.FromSeconds(15);

    private byte[] _sent = [];

    /// <exception cref="AnswerBrokenOffException">The server ends before the deployment.</exception>
    internal async Task WriteAsync(FollowedOutput output)
    {
        context.Response.ContentType = EventStream.ContentType;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        while (isLetIn())
        {
            // Asked for before it is looked, so that no change falls between.
            var (next, change) = (changes.Next, changes.Of(service));
            var end = output.End;
            var seen = output.State;
            if (end is { Result: null })
            {
                throw new AnswerBrokenOffException();
            }

            await SendAsync(output, new StateMoment(end is not null, seen.Version, change));
            if (end is not null)
            {
                await SendAsync("end"u8.ToArray(), "{}"u8.ToArray());
                return;
            }

            await Task.Delay(Pause, time, context.RequestAborted);
            // Once: each look would else leave one more behind at both of them.
            var later = Task.WhenAny(output.ChangeAsync(seen), next);
            while (!await ComesAsync(later) && isLetIn())
            {
                await context.Response.Body.WriteAsync(":\n\n"u8.ToArray(), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }

        await SendAsync("over"u8.ToArray(), "{}"u8.ToArray());
    }

    private async Task SendAsync(FollowedOutput output, StateMoment moment)
    {
        var now = await state.AtAsync(moment, output).WaitAsync(context.RequestAborted);
        if (!now.AsSpan().SequenceEqual(_sent))
        {
            _sent = now;
            await SendAsync("state"u8.ToArray(), now);
        }
    }

    private async Task SendAsync(byte[] name, byte[] data)
    {
        var body = context.Response.BodyWriter;
        body.Write("event: "u8);
        body.Write(name);
        body.Write("\ndata: "u8);
        body.Write(data);
        body.Write("\n\n"u8);
        await body.FlushAsync(context.RequestAborted);
    }

    /// <summary>False after a silence.</summary>
    private async Task<bool> ComesAsync(Task change)
    {
        try
        {
            await change.WaitAsync(CommentEvery, time, context.RequestAborted);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
