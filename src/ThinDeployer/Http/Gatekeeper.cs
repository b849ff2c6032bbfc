using Microsoft.AspNetCore.Http;
using ThinDeployer.Identities;
using ThinDeployer.Rules;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// The order in which a request's credentials for one service are looked at. A signature that is there must be right;
/// without one, a token in the head decides alone, and only if none there admits, the body is read for a token in a form.
/// </summary>
internal sealed class Gatekeeper(DoorKeys keys, TimeProvider time)
{
    /// <param name="attempt">Who stands before the service.</param>
    /// <param name="body">Read only where it must be.</param>
    /// <param name="isOver">Whether its address has failed too often.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal async ValueTask<GateAnswer> DecideAsync(
        DeployAttempt attempt,
        StrangerBody body,
        bool isOver,
        CancellationToken cancellationToken
    )
    {
        var (service, credentials, request, _, hiddenAmong) = attempt;
        var now = time.GetUtcNow();
        var claim = credentials.Signature is { } signature ? ClaimOf(signature) : new SignatureClaim.Absent();
        var offered = OfferedTokens.Of(request.Headers, request.Query, credentials.TokenHeader);
        if (AdmitByHead(service, credentials, claim, offered, now) is { } admission)
        {
            return Admitted(admission, credentials);
        }

        var (identity, whyNot) =
            claim is SignatureClaim.Absent && offered is { Count: > 0 }
                ? await DecideByIdentityAsync(attempt, cancellationToken)
                : default;
        if (identity is not null)
        {
            return new GateAnswer.Admitted(Caller.Of(identity, canBeGuessed: false));
        }

        if (hiddenAmong is null && claim is SignatureClaim.Absent && offered is [] && IsUnsignedPing(attempt))
        {
            return new GateAnswer.Ping();
        }

        if (hiddenAmong is not null)
        {
            var mayBeSigned = hiddenAmong.Select(ClaimOf).OfType<SignatureClaim.OverBody>().FirstOrDefault();
            var answer = await body.ReadAsAnyServiceAsync(mayBeSigned, claim, readsForm: !isOver, cancellationToken);
            if (answer is not null)
            {
                return answer;
            }
        }

        return claim is SignatureClaim.Absent
            ? Explained(await DecideByFormAsync(attempt, offered, body, isOver, cancellationToken), whyNot, attempt)
            : await DecideBySignatureAsync(attempt, claim, body, cancellationToken);

        SignatureClaim ClaimOf(SenderSignature of) => of.Scheme.Read(name => Values(request.Headers, name), now);
    }

    /// <summary>
    /// Only of a request that offers no credential anywhere: with one this would be a place to try tokens without being
    /// counted. Where services are hidden it would tell that there is one.
    /// </summary>
    private static bool IsUnsignedPing(DeployAttempt attempt) =>
        attempt is { Credentials.Signature.Sender: var sender, Request: { IsPost: true, HasForm: false } request }
        && SenderHeaders.IsUnsignedPing(sender, name => Values(request.Headers, name));

    private static Admission? AdmitByHead(
        string service,
        Credentials credentials,
        SignatureClaim claim,
        List<byte[]>? offered,
        DateTimeOffset now
    ) =>
        claim switch
        {
            SignatureClaim.Absent => ThatDeploys(Admission.ByTokens(service, credentials.Tokens, offered ?? [], now)),
            SignatureClaim.Proven => Admission.BySignature(service, credentials.Signature!, claim, body: default),
            _ => null,
        };

    /// <summary>
    /// Nothing else in the head lets it in. Where services are hidden, a token is proven whatever the service takes, so that the
    /// time tells nothing.
    /// </summary>
    private async ValueTask<(Admission? Admission, IdentityRefusal? WhyNot)> DecideByIdentityAsync(
        DeployAttempt attempt,
        CancellationToken cancellationToken
    )
    {
        var rules = attempt.Credentials.Identities;
        if (rules.Count == 0 && !attempt.IsHidden)
        {
            return default;
        }

        var (identity, whyNot) = await keys.ProveAsync(attempt.Request.Headers, cancellationToken);
        return identity is null
            ? (null, whyNot)
            : (Admission.ByIdentity(attempt.Service, rules, identity), IdentityRule.WhyNot(rules, identity));
    }

    private static async ValueTask<GateAnswer> DecideBySignatureAsync(
        DeployAttempt attempt,
        SignatureClaim claim,
        StrangerBody body,
        CancellationToken cancellationToken
    )
    {
        var signature = attempt.Credentials.Signature!;
        if (claim is SignatureClaim.Refused(var reason))
        {
            return new GateAnswer.Refused(reason, signature.Sender);
        }

        if (await body.ReadAllAsync(cancellationToken) is { } answer)
        {
            return answer;
        }

        return Admission.BySignature(attempt.Service, signature, claim, attempt.Request.Body) is { } admission
            ? Admitted(admission, attempt.Credentials)
            : new GateAnswer.Refused(RefusalReason.SignatureMismatch, signature.Sender);
    }

    private async ValueTask<GateAnswer> DecideByFormAsync(
        DeployAttempt attempt,
        List<byte[]>? offered,
        StrangerBody body,
        bool isOver,
        CancellationToken cancellationToken
    )
    {
        var (tokens, request) = (attempt.Credentials.Tokens, attempt.Request);
        if (offered is null)
        {
            return new GateAnswer.Refused(RefusalReason.TokenTwice);
        }

        if (tokens.Tokens.Count == 0)
        {
            return attempt.Credentials.Signature is null
                ? Refused(attempt, offered)
                : new GateAnswer.Refused(RefusalReason.SignatureMissing);
        }

        if (request.HasForm && offered.Count == 0 && request.IsOfForeignSite)
        {
            return new GateAnswer.Refused(RefusalReason.ForeignSite);
        }

        // A wrong token in the head is enough for who has failed too often. Where services are hidden, whether a body is
        // read then must not tell what kind of token this one has.
        if (!request.HasForm || (isOver && (offered.Count > 0 || attempt.IsHidden)))
        {
            return Refused(attempt, offered);
        }

        if (await body.ReadFormAsync(cancellationToken) is { } answer)
        {
            return answer;
        }

        if (request.Form.TokenCount > 1)
        {
            return new GateAnswer.Refused(RefusalReason.TokenTwice);
        }

        if (request.Form.Token is not { } token)
        {
            return Refused(attempt, offered);
        }

        offered.Add(Secret.DigestOf(token));
        return ThatDeploys(Admission.ByTokens(attempt.Service, tokens, offered, time.GetUtcNow())) is { } admission
            ? Admitted(admission, attempt.Credentials)
            : Refused(attempt, offered);
    }

    /// <summary>A forge that signs is set up well, and its request lacks nothing: the service lacks its <c>signature</c>.</summary>
    private static GateAnswer Explained(GateAnswer answer, IdentityRefusal? whyNot, DeployAttempt attempt)
    {
        // Of several things that are wrong, that of a token which says whose it is tells the most.
        if (answer is GateAnswer.Refused { Why: RefusalReason.TokenMismatch } && whyNot is not null)
        {
            return GateAnswer.Refused.Of(whyNot);
        }

        if (
            answer is not GateAnswer.Refused refused
            || CarriedSignature.SenderOf(name => Values(attempt.Request.Headers, name)) is not { } sender
        )
        {
            return answer;
        }

        return attempt.Credentials.Signature is null && refused.Why == RefusalReason.TokenMissing
            ? new GateAnswer.Refused(RefusalReason.SignatureNotConfigured, sender)
            : refused with
            {
                Signed = sender,
            };
    }

    private static GateAnswer.Admitted Admitted(Admission admission, Credentials credentials) =>
        new(Caller.Of(admission, credentials.CanBeGuessed));

    private static Admission? ThatDeploys(IReadOnlyList<Admission> admissions) =>
        admissions.FirstOrDefault(admission => admission.May(Rights.Deploy));

    /// <summary>Nothing that is offered deploys it; perhaps it would do something else.</summary>
    private GateAnswer Refused(DeployAttempt attempt, List<byte[]> offered)
    {
        var (tokens, now) = (attempt.Credentials.Tokens, time.GetUtcNow());
        return Admission.ByTokens(attempt.Service, tokens, offered, now) is [var other, ..]
            ? new GateAnswer.Lacks(Rights.Deploy, other.Credential)
            : new GateAnswer.Refused(
                tokens.HasEnded(offered, now) ? RefusalReason.TokenExpired : OfferedTokens.WhyRefused(offered)
            );
    }

    private static IReadOnlyList<string> Values(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var values) ? [.. values.Select(value => value ?? "")] : [];
}
