using System.Text;
using Microsoft.Extensions.Primitives;
using ThinDeployer.Configuration;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// Decides who may deploy a service. What stands in the head decides alone; only if nothing there admits, the body is
/// read for a token in a form.
/// </summary>
internal static class Gatekeeper
{
    /// <exception cref="IOException">The client went away.</exception>
    internal static async Task<GateAnswer> DecideAsync(
        ServiceConfiguration service,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        var header = request.Headers["X-Auth-Token"];
        var authorization = request.Headers.Authorization;
        if (header.Count > 1 || authorization.Count > 1 || request.Query.TokenCount > 1)
        {
            // Two readers of one request, such as a proxy and we, could each take another one.
            return new GateAnswer.Refused();
        }

        var admission =
            Admit(service, Bytes(header))
            ?? Admit(service, authorization is [{ } value] ? AuthorizationHeader.Token(value) : null)
            ?? Admit(service, request.Query.Token);
        if (admission is not null)
        {
            return new GateAnswer.Admitted(admission);
        }

        return request.HasForm
            ? await DecideByFormAsync(service, request, cancellationToken)
            : new GateAnswer.Refused();
    }

    private static async Task<GateAnswer> DecideByFormAsync(
        ServiceConfiguration service,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!await request.ReadBodyAsync(cancellationToken))
        {
            return new GateAnswer.BodyTooLarge();
        }

        return request.Form.TokenCount == 1 && Admit(service, request.Form.Token) is { } admission
            ? new GateAnswer.Admitted(admission)
            : new GateAnswer.Refused();
    }

    private static Admission? Admit(ServiceConfiguration service, byte[]? offered) =>
        offered is null ? null : Admission.ByToken(service.Name, service.Tokens, offered);

    private static byte[]? Bytes(StringValues header) => header is [{ } value] ? Encoding.UTF8.GetBytes(value) : null;
}

/// <summary>What the gatekeeper said.</summary>
internal abstract record GateAnswer
{
    private GateAnswer() { }

    internal sealed record Admitted(Admission Admission) : GateAnswer;

    internal sealed record Refused : GateAnswer;

    internal sealed record BodyTooLarge : GateAnswer;
}
