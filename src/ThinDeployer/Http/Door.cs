using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Identities;
using ThinDeployer.Security;
using ThinDeployer.Telemetry;

namespace ThinDeployer.Http;

/// <summary>
/// The one door: a request becomes a <see cref="Caller"/> here, or is turned away. Who has failed too often must wait, unless
/// the credential is right and could not have been guessed.
/// </summary>
internal sealed class Door(
    DoorKeys keys,
    FailureLimiter failures,
    BodyBudget budget,
    RequestCounts counts,
    TimeProvider time
)
{
    /// <summary>
    /// Where failures count behind an undeclared proxy; no service can be called so.
    /// </summary>
    private const string Desk = "/deployments";
    private const string HealthCheck = "/technical/healthcheck";
    private const string Metrics = "/metrics";
    private const string SignIn = "/ui/sign-in";

    /// <summary>
    /// Bytes that the bodies of an address hold that has failed too often: others may use it, such as a forge's, so it is not nothing.
    /// </summary>
    private const long OverLimit = 1024 * 1024;

    private readonly Gatekeeper _gatekeeper = new(keys, time);

    /// <summary>To deploy a service. The body is read only where it must be.</summary>
    /// <exception cref="IOException">The client went away.</exception>
    internal async ValueTask<GateAnswer> EnterAsync(DeployAttempt attempt, CancellationToken cancellationToken) =>
        Counted(
            keys.Sessions is not null && SessionCookie.DecidesAction(attempt.Request.Head)
                ? BySession(attempt)
                : await DecideAsync(attempt, cancellationToken)
        );

    /// <summary>
    /// With a token in a form, to begin a session. The form is read as that of any stranger, and a wrong token counts like
    /// any other.
    /// </summary>
    /// <returns>The caller and the digest of the token, or what is answered.</returns>
    /// <exception cref="IOException">The client went away.</exception>
    internal async ValueTask<(GateAnswer Answer, byte[]? Digest)> SignInAsync(HttpContext context, DeployRequest form)
    {
        if (ForeignSite.Sends(form.Head, takesNull: true))
        {
            return (Counted(new GateAnswer.Refused(RefusalReason.ForeignSite)), null);
        }

        var place = context.Client().KeyAt(SignIn);
        using var body = new StrangerBody(form, budget, budget.Open(place, OverLimit), time);
        if (await OrCountAsync(place, () => body.ReadFormAsync(context.RequestAborted)) is { } refused)
        {
            var until = refused is GateAnswer.NoRoom ? null : failures.Fail(place);
            return (Counted(until is { } seconds ? new GateAnswer.TooMany(seconds) : refused), null);
        }

        if (form.IsOfForeignSite && !SessionCookie.IsProven(form))
        {
            return (Counted(new GateAnswer.Refused(RefusalReason.AntiforgeryMismatch)), null);
        }

        var digest = form.Form is { TokenCount: 1, Token: { } token } ? Secret.DigestOf(token) : null;
        var caller = digest is null ? null : Caller.Of(digest, keys, time.GetUtcNow());
        var whyNot = digest is null ? RefusalReason.TokenMismatch : WhyRefused([digest]);
        return (Judged(context, SignIn, caller, whyNot), digest);
    }

    /// <summary>Who has a session; null for who has none, or one whose token is gone.</summary>
    internal Caller? CallerOf(HttpRequest request) => SessionOf(request)?.Caller;

    private (Caller Caller, string Key)? SessionOf(HttpRequest request)
    {
        foreach (var key in SessionCookie.KeysIn(request))
        {
            if (
                keys.Sessions?.Use(key) is { } session
                && Caller.Of(session.TokenDigest, keys, time.GetUtcNow()) is { } caller
            )
            {
                return (caller, key);
            }
        }

        return null;
    }

    private async ValueTask<GateAnswer> DecideAsync(DeployAttempt attempt, CancellationToken cancellationToken)
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
        var answer = await OrCountAsync(
            attempt.Key,
            () => _gatekeeper.DecideAsync(attempt, body, isOver: wait is not null, cancellationToken).AsTask()
        );
        var until = answer switch
        {
            GateAnswer.Ping => null,
            GateAnswer.NoRoom or GateAnswer.Refused(RefusalReason.ForeignSite, _) => failures.WaitOf(attempt.Key),
            _ => failures.Judge(attempt.Key, answer is GateAnswer.Admitted or GateAnswer.Lacks, canBeGuessed),
        };
        return until is { } later ? new GateAnswer.TooMany(later) : answer;
    }

    /// <summary>To see deployments and services, and to do something to one that there is.</summary>
    internal async ValueTask<GateAnswer> EnterAsync(HttpContext context, ArgumentCollection query)
    {
        if (ForeignSite.MayHaveSentToken(context.Request, query))
        {
            return Counted(new GateAnswer.Refused(RefusalReason.ForeignSite));
        }

        if (IsBySession(context.Request, query))
        {
            return Counted(BySession(context.Request));
        }

        var headers = context.Request.Headers;
        var offered = OfferedTokens.Of(headers, query, tokenHeader: null);
        if (offered is null)
        {
            return Judged(context, Desk, caller: null, RefusalReason.TokenTwice);
        }

        if (Caller.Of(headers, query, offered, keys, time.GetUtcNow()) is { } caller)
        {
            return Judged(context, Desk, caller, whyNot: "");
        }

        // Only what nothing else lets in: an issuer that is asked may be slow.
        var (identity, refusal) = await keys.ProveAsync(headers, context.RequestAborted);
        if (identity is not null)
        {
            var rules = keys.Services().SelectMany(service => service.Credentials.Identities).ToList();
            return Judged(context, Desk, Caller.Of(identity, keys), IdentityRule.WhyNot(rules, identity)?.Code ?? "");
        }

        return Judged(context, Desk, caller: null, refusal?.Code ?? WhyRefused(offered));
    }

    /// <summary>Why what is offered opens nothing.</summary>
    /// <param name="offered">Null where a place comes twice.</param>
    private string WhyRefused(List<byte[]>? offered)
    {
        var now = time.GetUtcNow();
        return
            offered is { Count: > 0 }
            && keys.Services().Any(service => service.Credentials.Tokens.HasEnded(offered, now))
            ? RefusalReason.TokenExpired
            : OfferedTokens.WhyRefused(offered);
    }

    /// <summary>Whether a session decides: a token that is shown beside it wins.</summary>
    internal bool IsBySession(HttpRequest request, ArgumentCollection query) =>
        keys.Sessions is not null
        && SessionCookie.IsIn(request)
        && OfferedTokens.Of(request.Headers, query, tokenHeader: null) is [];

    /// <summary>
    /// A key of a session can't be found by trying, so a wrong one is no failure: a page that is still open in a browser would
    /// else keep its reader from signing in again.
    /// </summary>
    private GateAnswer BySession(HttpRequest request) =>
        ForeignSite.Sends(request) ? new GateAnswer.Refused(RefusalReason.ForeignSite)
        : SessionOf(request) is not var (caller, key) ? new GateAnswer.Refused(RefusalReason.SessionEnded)
        : !SessionCookie.IsMeant(request, key) ? new GateAnswer.Refused(RefusalReason.AntiforgeryMismatch)
        : new GateAnswer.Admitted(caller) { SessionKey = key };

    private GateAnswer BySession(DeployAttempt attempt) =>
        BySession(attempt.Request.Head) switch
        {
            GateAnswer.Admitted(var caller) when caller.AdmissionTo(attempt.Service, Rights.Deploy) is null =>
                caller.WhyNot(attempt.Service, Rights.Deploy) ?? new GateAnswer.Refused(RefusalReason.TokenMismatch),
            var answer => answer,
        };

    /// <summary>To see the health check.</summary>
    internal GateAnswer EnterForHealth(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers["X-Auth-Token"].Count == 0 && headers.Authorization.Count == 0)
        {
            return Counted(new GateAnswer.Asked());
        }

        var isRight = OfferedTokens.OfMonitor(headers) is { } offered && keys.Health?.Matches(offered) == true;
        var caller = isRight ? Caller.Monitor(keys.Health!.CanBeGuessed) : null;
        return Judged(context, HealthCheck, caller, RefusalReason.TokenMismatch);
    }

    /// <summary>To see the metrics. A token that is offered decides; without one, it is enough to be on this machine.</summary>
    internal GateAnswer EnterForMetrics(HttpContext context)
    {
        var query = new ArgumentCollection(FrozenSet<string>.Empty);
        if (ForeignSite.MayHaveSentToken(context.Request, query))
        {
            return Counted(new GateAnswer.Refused(RefusalReason.ForeignSite));
        }

        var offered = OfferedTokens.Of(context.Request.Headers, query, tokenHeader: null);
        if (offered is [] && keys is { Metrics: null, OpensMetricsOnLoopback: true } && Loopback.IsCaller(context))
        {
            return new GateAnswer.Admitted(Caller.OnLoopback);
        }

        var caller = offered is null ? null : Caller.OfMetrics(keys, offered);
        return Judged(context, Metrics, caller, OfferedTokens.WhyRefused(offered));
    }

    private GateAnswer Judged(HttpContext context, string place, Caller? caller, string whyNot) =>
        Counted(Weighed(context, place, caller, whyNot));

    private GateAnswer Weighed(HttpContext context, string place, Caller? caller, string whyNot) =>
        failures.Judge(context.Client().KeyAt(place), caller is not null, caller?.CanBeGuessed == true) is { } seconds
            ? new GateAnswer.TooMany(seconds)
        : caller is null ? new GateAnswer.Refused(whyNot)
        : new GateAnswer.Admitted(caller);

    private GateAnswer Counted(GateAnswer answer)
    {
        if (answer.Reason is { } reason)
        {
            counts.Refuse(reason);
        }
        else if (answer is GateAnswer.Admitted(var caller))
        {
            caller.TellUses(keys.Uses);
        }

        return answer;
    }

    /// <summary>A body that breaks off, or is none, is a failure too: it was held until then.</summary>
    private async ValueTask<T> OrCountAsync<T>(FailureKey place, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            _ = failures.Fail(place);
            throw;
        }
    }
}

/// <summary>What opens something beside the deployment of a service.</summary>
/// <param name="Admin">Opens all, deploys only by a session; null where nobody has that right.</param>
/// <param name="Health">Opens the health check; null where nobody may see it.</param>
/// <param name="Metrics">Opens the metrics; null where only the admin's and the viewer's token do.</param>
/// <param name="Viewer">Shows all that the admin's does, and lets nothing be done; null where nobody has that right.</param>
/// <param name="Sessions">Of browsers; null where there is no page.</param>
/// <param name="OpensMetricsOnLoopback">Whether a caller on this machine needs no token where there is none for the metrics.</param>
/// <param name="Services">Whose tokens open what is their own; none while the configuration can't be used.</param>
internal sealed record DoorKeys(
    Token? Admin,
    Secret? Health,
    Token? Metrics,
    Token? Viewer,
    Sessions? Sessions,
    bool OpensMetricsOnLoopback,
    Func<IEnumerable<ServiceConfiguration>> Services
)
{
    /// <summary>Told what lets somebody in; null where nobody remembers it.</summary>
    internal CredentialUses? Uses { get; init; }

    /// <summary>Finds out whose OpenID tokens are offered; null where none is taken.</summary>
    internal IdentityCheck? Identities { get; init; }

    /// <summary>Whose OpenID tokens some service takes.</summary>
    internal Func<IReadOnlySet<string>> Issuers { get; init; } = () => FrozenSet<string>.Empty;

    /// <summary>Who is proven by an OpenID token in the head, or why not; neither where there is none.</summary>
    internal ValueTask<(ProvenIdentity? Identity, IdentityRefusal? WhyNot)> ProveAsync(
        IHeaderDictionary headers,
        CancellationToken cancellationToken
    ) =>
        Identities is null || Issuers() is not { Count: > 0 } issuers
            ? new((null, null))
            : Identities.ProveAsync(OfferedTokens.LikeIdentities(headers), issuers, cancellationToken);

    internal static DoorKeys None { get; } =
        new(
            Admin: null,
            Health: null,
            Metrics: null,
            Viewer: null,
            Sessions: null,
            OpensMetricsOnLoopback: false,
            () => []
        );
}
