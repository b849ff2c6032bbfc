using ThinDeployer.Configuration;
using ThinDeployer.Rules;

namespace ThinDeployer.Http;

/// <summary>What a request that was let in asks for, by the rules of its service.</summary>
/// <param name="Trace">What each rule said; empty where none was asked.</param>
internal abstract record DeployWish(IReadOnlyList<TraceLine> Trace)
{
    /// <summary>The reason where a sender tries whether somebody is there.</summary>
    internal const string Ping = "ping";

    /// <summary>Nothing is to be deployed.</summary>
    /// <param name="Reason">The rule that says so.</param>
    /// <param name="Trace">What each rule said; empty where none was asked.</param>
    internal sealed record Nothing(string Reason, IReadOnlyList<TraceLine> Trace) : DeployWish(Trace);

    /// <summary>It can't be decided, or a value breaks a rule.</summary>
    /// <param name="Complaint">A sentence for who sent it.</param>
    /// <param name="Trace">What each rule said; empty where none was asked.</param>
    internal sealed record Unclear(string Complaint, IReadOnlyList<TraceLine> Trace) : DeployWish(Trace);

    /// <param name="Values">For placeholders, by name.</param>
    /// <param name="Trace">What each rule said; empty where none was asked.</param>
    internal sealed record Deployment(IReadOnlyDictionary<string, string> Values, IReadOnlyList<TraceLine> Trace)
        : DeployWish(Trace);

    /// <param name="service">Whose rules count.</param>
    /// <param name="request">Its body is read.</param>
    /// <param name="shown">The same, as rules see it.</param>
    internal static DeployWish Of(ServiceConfiguration service, DeployRequest request, RuleRequest shown)
    {
        if (BrokenPart(request) is { } broken)
        {
            return new Unclear(broken, []);
        }

        if (SenderHeaders.IsPing(shown))
        {
            return new Nothing(Ping, []);
        }

        var (verdict, trace) = service.Rules.Decide(shown);
        return verdict switch
        {
            Verdict.Undecided(var complaint) => new Unclear(complaint, trace),
            Verdict.DoesNotMatch(var reason) => new Nothing(reason, trace),
            _ => service.Rules.Variables is { } variables
                ? OfVariables(variables.From(shown), trace)
                : OfArguments(service, request, trace),
        };
    }

    private static string? BrokenPart(DeployRequest request)
    {
        if (!request.Query.IsText)
        {
            return "The query is not valid UTF-8, or holds a NUL character";
        }

        if (!request.Form.IsWellFormed)
        {
            return "The form can't be read: its multipart body is broken";
        }

        return request.Form.IsText ? null : "The form is not valid UTF-8, or holds a NUL character";
    }

    private static DeployWish OfVariables(VariableValues values, IReadOnlyList<TraceLine> trace) =>
        values switch
        {
            VariableValues.Given(var given) => new Deployment(given, trace),
            VariableValues.Refused(var complaint) => new Unclear(complaint, trace),
            _ => throw new InvalidOperationException("The variables gave an answer that is not known."),
        };

    private static DeployWish OfArguments(
        ServiceConfiguration service,
        DeployRequest request,
        IReadOnlyList<TraceLine> trace
    )
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in service.Plan.TakesAny ? Unforeseen(service, request) : service.Plan.ArgumentNames)
        {
            if (request.SingleArgument(name) is not { } value)
            {
                continue;
            }

            if (ArgumentRule.Complaint(name, value) is { } complaint)
            {
                return new Unclear(complaint, trace);
            }

            values[name] = value;
        }

        return new Deployment(values, trace);
    }

    /// <summary>A form's payload is for rules.</summary>
    private static IEnumerable<string> Unforeseen(ServiceConfiguration service, DeployRequest request) =>
        request.Names.Where(name => name != RuleRequest.PayloadArgument && service.Plan.Takes(name));
}
