using Microsoft.AspNetCore.Http;
using ThinDeployer.Health;

namespace ThinDeployer.Http;

/// <summary><c>/technical/healthcheck</c>: what a monitor reads, for who has the health token.</summary>
internal sealed class HealthCheckEndpoint(Door door, HealthChecks checks) : IRouteGroup
{
    private const string NotAllowed =
        "Not allowed to use the health check endpoint, please take a look at HC_TOKEN environment variable";

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
        return AnswerAsync(context, checks.Run());
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
