using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Health;

namespace ThinDeployer.Http;

/// <summary><c>/technical/healthcheck</c>: what a monitor reads, for who has the health token.</summary>
internal sealed class HealthCheckEndpoint(Door door, HealthChecks checks) : IRouteGroup
{
    private const string NotAllowed =
        "Not allowed to use the health check endpoint, please take a look at HC_TOKEN environment variable";

    private const string Deployments = "deployments";

    private static readonly FrozenSet<string> Arguments = [Deployments];

    public IReadOnlyList<RouteEntry> Routes =>
        [new("technical/healthcheck", ["GET"], (context, _) => HandleAsync(context))];

    private Task HandleAsync(HttpContext context)
    {
        var decision = door.EnterForHealth(context);
        if (decision is not GateAnswer.Admitted(var caller))
        {
            return Refusals.AnswerAsync(context, decision, invalid: NotAllowed);
        }

        RequestNote.LetIn(context, caller.Credential);
        var query = new ArgumentCollection(Arguments);
        UrlEncoded.ReadQuery(context.Request, query);
        return query.Find(Deployments) switch
        {
            (0, _) or (1, "false") => AnswerAsync(context, checks.Run(withDeployments: false)),
            (1, "true") => AnswerAsync(context, checks.Run(withDeployments: true)),
            _ => context.AnswerAsync(StatusCodes.Status400BadRequest, $"\"{Deployments}\" must be true or false"),
        };
    }

    private static Task AnswerAsync(HttpContext context, HealthReport report) =>
        context.AnswerAsync(
            report.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError,
            new HealthAnswer(
                report.Hostname,
                report.IsHealthy ? "success" : "failure",
                Seconds(report.Time),
                [.. report.Results.Select(AnswerOf)]
            ),
            Answers.Json.HealthAnswer
        );

    /// <summary>Nothing is cached, so a result expires when it is made.</summary>
    private static HealthResultAnswer AnswerOf(CheckResult result) =>
        new(
            result.Checker,
            result.Output,
            result.Passed,
            Seconds(result.Time),
            Expires: Seconds(result.Time),
            result.ResponseTime.TotalSeconds
        );

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
