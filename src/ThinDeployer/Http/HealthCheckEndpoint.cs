using System.Text;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Health;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary><c>/technical/healthcheck</c>: what a monitor reads, for who has the health token.</summary>
internal sealed class HealthCheckEndpoint(HealthSettings settings, FailureLimiter failures, HealthChecks checks)
{
    /// <summary>Where failures count behind an undeclared proxy; no service can be called so.</summary>
    private const string Place = "/technical/healthcheck";

    private const string NotAllowed =
        "Not allowed to use the health check endpoint, please take a look at HC_TOKEN environment variable";

    internal Task HandleAsync(HttpContext context)
    {
        var header = context.Request.Headers["X-Auth-Token"];
        var authorization = context.Request.Headers.Authorization;
        if (header.Count == 0 && authorization.Count == 0)
        {
            // Not a failure: it is how a client asks for the way in (RFC 9110, section 11.6.1).
            RequestNote.Leave(context, RefusalReason.TokenMissing);
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Thin Deployer\"";
            return context.AnswerAsync(StatusCodes.Status401Unauthorized, "The health check needs a token");
        }

        var offered = header.Count > 0 ? FromHeader(header) : FromAuthorization(authorization);
        var isRight = offered is not null && settings.Token?.Matches(offered) == true;
        var key = context.Client().KeyAt(Place);
        if (failures.Judge(key, isRight, settings.Token?.CanBeGuessed == true) is { } seconds)
        {
            return context.AnswerTooManyAsync(seconds);
        }

        if (!isRight)
        {
            RequestNote.Leave(context, RefusalReason.TokenMismatch);
            return context.AnswerAsync(StatusCodes.Status403Forbidden, NotAllowed);
        }

        RequestNote.LetIn(context, "HC_TOKEN");
        return AnswerAsync(context, checks.Run());
    }

    private static byte[]? FromHeader(Microsoft.Extensions.Primitives.StringValues values) =>
        values is [{ } value] ? Encoding.UTF8.GetBytes(value) : null;

    private static byte[]? FromAuthorization(Microsoft.Extensions.Primitives.StringValues values) =>
        values is [{ } value] ? AuthorizationHeader.BasicPassword(value) : null;

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
