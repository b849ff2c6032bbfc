using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Configuration;
using ThinDeployer.Http;
using ThinDeployer.Identities;
using ThinDeployer.Rules;
using ThinDeployer.Security;
using ThinDeployer.Telemetry;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>What a request would do, by the very checks of the server. Nothing runs, and nothing is recorded.</summary>
public sealed class Rehearsal
{
    private readonly ServiceConfiguration _service;
    private readonly GateAnswer _gate;
    private readonly DeployWish _wish;
    private readonly RuleRequest _shown;

    private Rehearsal(ServiceConfiguration service, GateAnswer gate, DeployWish wish, RuleRequest shown)
    {
        _service = service;
        _gate = gate;
        _wish = wish;
        _shown = shown;
    }

    /// <summary>
    /// Whether it would deploy. A request without any credential is judged by its rules alone: what is kept of a delivery
    /// has none.
    /// </summary>
    public bool WouldDeploy => _wish is DeployWish.Deployment && (_gate is GateAnswer.Admitted || HasNoCredential);

    private bool HasNoCredential =>
        _gate is GateAnswer.Refused(RefusalReason.TokenMissing or RefusalReason.SignatureMissing, Signed: null);

    /// <summary>Null for a service that is not configured; <paramref name="reason"/> then says so, and what was meant.</summary>
    /// <param name="settings">Name the configuration, which must be good.</param>
    /// <param name="name">Of the service.</param>
    /// <param name="request">What is tried.</param>
    /// <param name="time">The clock.</param>
    /// <param name="reason">A sentence, or empty.</param>
    public static Rehearsal? Of(
        ServerSettings settings,
        string name,
        RehearsedRequest request,
        TimeProvider time,
        out string reason
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(time);
        if (Explanation.Find(settings, name, out reason) is not { } service)
        {
            return null;
        }

        var context = ContextOf(request);
        var deploy = new DeployRequest(
            context.Request,
            settings.Http.MaximumBody,
            service.ArgumentNames,
            service.Unforeseen
        );

        // All of it is in memory, but for the keys of an issuer whose token is shown.
        return RehearseAsync(service, context, deploy, time).GetAwaiter().GetResult();
    }

    public string ToJson() => Explanation.Json(ToTree());

    /// <summary>The same, indented, for a person.</summary>
    public string ToText() => Explanation.Text(ToTree());

    private static async Task<Rehearsal> RehearseAsync(
        ServiceConfiguration service,
        HttpContext context,
        DeployRequest request,
        TimeProvider time
    )
    {
        using var client = new IssuerClient(time);
        using var identities = new IdentityCheck(client, time, NullLogger<IdentityCheck>.Instance);
        var issuers = service.Credentials.Identities.Select(rule => rule.Issuer).ToHashSet(StringComparer.Ordinal);
        var keys = DoorKeys.None with { Identities = identities, Issuers = () => issuers };
        var door = new Door(keys, new FailureLimiter(0, time), new BodyBudget(), new RequestCounts(), time);
        var attempt = new DeployAttempt(
            service.Name,
            service.Credentials,
            request,
            context.Client().KeyAt(service.Name),
            HiddenAmong: null
        );
        var gate = request.AnnouncesTooMuch
            ? new GateAnswer.BodyTooLarge(request.MaximumBody)
            : await door.EnterAsync(attempt, CancellationToken.None);
        await request.ReadBodyAsync(CancellationToken.None);
        var shown = RuleRequests.Of(context, request);
        return new Rehearsal(service, gate, DeployWish.Of(service, request, shown), shown);
    }

    private static DefaultHttpContext ContextOf(RehearsedRequest request)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = request.Method;
        context.Request.QueryString = new QueryString(request.Query.Length > 0 ? "?" + request.Query : "");
        context.Request.Body = new MemoryStream(request.Body.ToArray(), writable: false);
        foreach (var header in request.Headers)
        {
            context.Request.Headers.Append(header.Key, header.Value);
        }

        context.Request.ContentLength = request.Body.Length;
        _ = IPAddress.TryParse(request.Address, out var address);
        context.Remember(new ClientAddress(address, IsShared: false));
        return context;
    }

    private JsonObject ToTree()
    {
        var facts = SenderFacts.Of(_shown);
        return new JsonObject
        {
            ["service"] = _service.Name,
            ["credentials"] = Credentials(),
            ["deliveryId"] = RuleRequests.DeliveryIdOf(Admission, _shown),
            ["event"] = facts.Event,
            ["ref"] = facts.Ref,
            ["commit"] = facts.Commit,
            ["actor"] = facts.Actor,
            ["commitSubject"] = facts.CommitSubject is { } subject ? Masked(subject) : null,
            ["commitUrl"] = facts.CommitUrl is { } url ? Masked(url) : null,
            ["checks"] = new JsonArray([.. _wish.Trace.Select(line => (JsonNode)Check(line))]),
            ["decision"] = Decision(),
            ["values"] = Values(),
            ["commands"] =
                _wish is DeployWish.Deployment
                    ? new JsonArray([.. _service.Plan.Steps.Select(step => (JsonNode)Masked(step.Source))])
                    : [],
        };
    }

    /// <summary>Null where nothing let it in.</summary>
    private Admission? Admission => (_gate as GateAnswer.Admitted)?.Caller.AdmissionTo(_service.Name, Rights.Deploy);

    private string Credentials() =>
        _gate switch
        {
            GateAnswer.Admitted => Admission?.Who is { } who ? $"let in as {who}" : "let in",
            GateAnswer.Refused(var code, _) when HasNoCredential => $"none here, so not checked ({code})",
            GateAnswer.Refused(var code, { } signed) => $"refused ({code}), signed as {signed}",
            GateAnswer.Refused(var code, _) => $"refused ({code})",
            GateAnswer.Lacks(_, var who) => $"refused ({RefusalReason.RightMissing}): {who} may not deploy",
            GateAnswer.Ping => "none here, and none needed for a ping of its sender",
            GateAnswer.BodyTooLarge => "refused: the body is larger than --max-body",
            _ => "refused",
        };

    private string Check(TraceLine line)
    {
        var detail = line.Detail.Length > 0 ? $" ({Masked(line.Detail)})" : "";
        return $"{line.Outcome.ToString().ToLowerInvariant()}: {line.Where}: {Masked(line.Rule)}{detail}";
    }

    private string Decision() =>
        _wish switch
        {
            DeployWish.Nothing(var why, _) => $"200, nothing to deploy: {Masked(why)}",
            DeployWish.Unclear(var complaint, _) => $"400: {Masked(complaint)}",
            _ when WouldDeploy => "deploy",
            _ => "403, nothing is deployed",
        };

    private JsonObject Values()
    {
        var values = new JsonObject();
        if (_wish is DeployWish.Deployment(var given, _))
        {
            foreach (var (name, value) in given.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                values[name] = Quote.Escaped(Masked(value));
            }
        }

        return values;
    }

    private string Masked(string text) => _service.Plan.Secrets.Masked(text);
}
