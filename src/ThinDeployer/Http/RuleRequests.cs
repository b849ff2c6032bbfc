using Microsoft.AspNetCore.Http;
using ThinDeployer.Rules;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>Shows a request to the rules of a service, once its body is read.</summary>
internal static class RuleRequests
{
    internal static RuleRequest Of(HttpContext context, DeployRequest request) =>
        new()
        {
            Method = context.Request.Method,
            Headers = name => [.. request.Headers[name].Select(value => value ?? "")],
            Query = request.Query.Find,
            Form = request.Form.FindUtf8,
            Body = request.Body,
            Address = context.Client().Address,
        };

    /// <summary>
    /// What the sender calls the delivery: the id that the admitting signature covers, or else what a header says. Where nothing
    /// admitted it, as a token would have it.
    /// </summary>
    internal static string? DeliveryIdOf(Admission? admission, RuleRequest shown) =>
        admission?.DeliveryId ?? SenderHeaders.DeliveryId(admission?.Sender, shown);
}
