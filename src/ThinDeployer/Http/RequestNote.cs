using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Http;

/// <summary>What the log says of an answer beside its status: one code, such as <c>signature_mismatch</c>.</summary>
internal sealed record RequestNote(string Code)
{
    internal static void Leave(HttpContext context, string code) => context.Features.Set(new RequestNote(code));

    /// <summary>Null where there is none.</summary>
    internal static string? Of(HttpContext context) => context.Features.Get<RequestNote>()?.Code;
}
