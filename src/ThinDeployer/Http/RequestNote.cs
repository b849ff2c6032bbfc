using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Http;

/// <summary>What the log says of an answer beside its status.</summary>
/// <param name="Code">Why, such as <c>signature_mismatch</c>; null where there is nothing to say.</param>
/// <param name="Rule">The rule that says so, masked, or the claim that does not fit; null where it is none.</param>
/// <param name="Who">Which credential let it in, never the credential itself; null for a stranger.</param>
internal sealed record RequestNote(string? Code, string? Rule, string? Who)
{
    /// <summary>Whose signature it carries, where it was not let in; null for none.</summary>
    internal string? Signed { get; private init; }

    private static readonly RequestNote Nothing = new(Code: null, Rule: null, Who: null);

    internal static void Leave(HttpContext context, string code, string? rule = null) =>
        context.Features.Set((Of(context) ?? Nothing) with { Code = code, Rule = rule });

    internal static void Refuse(HttpContext context, string code, string? signed, string? detail = null) =>
        context.Features.Set((Of(context) ?? Nothing) with { Code = code, Rule = detail, Signed = signed });

    internal static void LetIn(HttpContext context, string who) =>
        context.Features.Set((Of(context) ?? Nothing) with { Who = who });

    /// <summary>Null where there is none.</summary>
    internal static RequestNote? Of(HttpContext context) => context.Features.Get<RequestNote>();
}
