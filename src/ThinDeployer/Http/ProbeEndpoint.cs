using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;

namespace ThinDeployer.Http;

/// <summary>What anybody may ask: whether the server is there, and whether it can take deployments now.</summary>
internal sealed class ProbeEndpoint(HttpSettings settings, CurrentConfiguration current, EngineRoom engine)
    : IRouteGroup
{
    public IReadOnlyList<RouteEntry> Routes =>
        [
            new("", ["GET"], (context, _) => AnswerHelloAsync(context)),
            new("technical/live", ["GET"], (context, _) => AnswerProbe(context, isGood: true)),
            new(
                "technical/ready",
                ["GET"],
                (context, _) => AnswerProbe(context, current.Snapshot.IsUsable && engine.IsReady)
            ),
        ];

    private Task AnswerHelloAsync(HttpContext context)
    {
        if (settings.HasPage && AcceptHeader.Prefers(context.Request, "text/html"))
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = settings.PathBase + "/ui/";
            return Task.CompletedTask;
        }

        context.Response.Headers["X-Service-Name"] = "Thin Deployer";
        context.Response.ContentType = Answers.JsonType;
        // To the letter, blank included: monitors of the original look for this text.
        return context.Response.WriteAsync("{\"message\": \"pong\"}", context.RequestAborted);
    }

    private static Task AnswerProbe(HttpContext context, bool isGood)
    {
        context.Response.StatusCode = isGood ? StatusCodes.Status204NoContent : StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }
}
