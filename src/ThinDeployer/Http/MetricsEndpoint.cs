using System.Text;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Telemetry;

namespace ThinDeployer.Http;

/// <summary><c>/metrics</c>: what Prometheus reads.</summary>
internal sealed class MetricsEndpoint(Door door, MetricsPage page) : IRouteGroup
{
    private const string NotAllowed =
        "Not allowed to see the metrics: send the token of --metrics-token, or ask on the server's own machine, by its address";

    public IReadOnlyList<RouteEntry> Routes => [new("metrics", ["GET"], (context, _) => HandleAsync(context))];

    private Task HandleAsync(HttpContext context)
    {
        var decision = door.EnterForMetrics(context);
        if (decision is not GateAnswer.Admitted(var caller))
        {
            return Refusals.AnswerAsync(context, decision, invalid: NotAllowed);
        }

        RequestNote.LetIn(context, caller.Credential);
        return AnswerAsync(context, page.Write());
    }

    private static async Task AnswerAsync(HttpContext context, string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        context.Response.ContentType = MetricsText.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
