using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// The one door: a request becomes a <see cref="Caller"/> here, or is turned away. Who has failed too often must wait, unless
/// the credential is right and could not have been guessed.
/// </summary>
internal sealed class Door(DoorKeys keys, FailureLimiter failures, BodyBudget budget, TimeProvider time)
{
    /// <summary>
    /// Where failures count behind an undeclared proxy; no service can be called so.
    /// </summary>
    private const string Desk = "/deployments";
    private const string HealthCheck = "/technical/healthcheck";

    /// <summary>
    /// Bytes that the bodies of an address hold that has failed too often: others may use it, such as a forge's, so it is not nothing.
    /// </summary>
    private const long OverLimit = 1024 * 1024;

    private readonly Gatekeeper _gatekeeper = new(time);

    /// <summary>To deploy a service. The body is read only where it must be.</summary>
    /// <exception cref="IOException">The client went away.</exception>
    internal async ValueTask<GateAnswer> EnterAsync(DeployAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Request.MayCarryForeignToken)
        {
            return new GateAnswer.Refused(RefusalReason.ForeignSite);
        }

        var canBeGuessed = attempt.Credentials.CanBeGuessed;
        var wait = failures.WaitOf(attempt.Key);
        if (wait is { } seconds && canBeGuessed && !attempt.IsHidden)
        {
            return new GateAnswer.TooMany(seconds);
        }

        var share = budget.Open(attempt.Key, wait is null ? long.MaxValue : OverLimit);
        using var body = new StrangerBody(attempt.Request, budget, share, time);
        var answer = await DecideOrCountAsync(attempt, body, isOver: wait is not null, cancellationToken);
        var until = answer switch
        {
            GateAnswer.Ping => null,
            GateAnswer.NoRoom or GateAnswer.Refused(RefusalReason.ForeignSite, _) => failures.WaitOf(attempt.Key),
            _ => failures.Judge(attempt.Key, answer is GateAnswer.Admitted, canBeGuessed),
        };
        return until is { } later ? new GateAnswer.TooMany(later) : answer;
    }

    /// <summary>To see deployments and services, and to do something to one that there is.</summary>
    internal GateAnswer Enter(HttpContext context, ArgumentCollection query)
    {
        if (ForeignSite.MayHaveSentToken(context.Request, query))
        {
            return new GateAnswer.Refused(RefusalReason.ForeignSite);
        }

        var headers = context.Request.Headers;
        var offered = OfferedTokens.Of(headers, query, tokenHeader: null);
        var caller = offered is null ? null : Caller.Of(headers, query, offered, keys);
        return Judged(context, Desk, caller, OfferedTokens.WhyRefused(offered));
    }

    /// <summary>To see the health check.</summary>
    internal GateAnswer EnterForHealth(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers["X-Auth-Token"].Count == 0 && headers.Authorization.Count == 0)
        {
            return new GateAnswer.Asked();
        }

        var isRight = OfferedTokens.OfMonitor(headers) is { } offered && keys.Health?.Matches(offered) == true;
        var caller = isRight ? Caller.Monitor(keys.Health!.CanBeGuessed) : null;
        return Judged(context, HealthCheck, caller, RefusalReason.TokenMismatch);
    }

    private GateAnswer Judged(HttpContext context, string place, Caller? caller, string whyNot) =>
        failures.Judge(context.Client().KeyAt(place), caller is not null, caller?.CanBeGuessed == true) is { } seconds
            ? new GateAnswer.TooMany(seconds)
        : caller is null ? new GateAnswer.Refused(whyNot)
        : new GateAnswer.Admitted(caller);

    /// <summary>A body that breaks off, or is none, is a failure too: it was held until then.</summary>
    private async ValueTask<GateAnswer> DecideOrCountAsync(
        DeployAttempt attempt,
        StrangerBody body,
        bool isOver,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await _gatekeeper.DecideAsync(attempt, body, isOver, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            _ = failures.Fail(attempt.Key);
            throw;
        }
    }
}

/// <summary>What opens something beside the deployment of a service.</summary>
/// <param name="Admin">Opens all but deploys; null where nobody has that right.</param>
/// <param name="Health">Opens the health check; null where nobody may see it.</param>
/// <param name="Services">Whose tokens open what is their own; none while the configuration can't be used.</param>
internal sealed record DoorKeys(Token? Admin, Secret? Health, Func<IEnumerable<ServiceConfiguration>> Services)
{
    internal static DoorKeys None { get; } = new(Admin: null, Health: null, () => []);
}
