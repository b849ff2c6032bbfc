using System.Text;

namespace ThinDeployer.Security;

/// <summary>
/// GitLab's two ways (docs.gitlab.com/user/project/integrations/webhooks): the secret token, which stands in the head as it
/// is, and the signing token, which is Standard Webhooks. What is a signing token never admits as a plain one.
/// </summary>
/// <param name="plain">Secret tokens.</param>
/// <param name="firstPlain">The first of them; null where there is none.</param>
/// <param name="signing">Null where there is no signing token.</param>
internal sealed class GitLabSignature(TokenSet plain, string? firstPlain, StandardWebhooks? signing) : SignatureScheme
{
    internal const string Header = "X-Gitlab-Token";

    internal override SignatureClaim Read(Func<string, IReadOnlyList<string>> headers, DateTimeOffset now)
    {
        if (signing is not null && signing.Read(headers, now) is var claim and not SignatureClaim.Absent)
        {
            return claim;
        }

        var values = headers(Header);
        if (values.Count == 0)
        {
            return new SignatureClaim.Absent();
        }

        if (Single(values, out var refusal) is not { } value)
        {
            return refusal;
        }

        return plain.Find(Secret.DigestOf(Encoding.UTF8.GetBytes(value))).Count > 0 ? new SignatureClaim.Proven()
            : plain.Tokens.Count == 0 ? new SignatureClaim.Refused(RefusalReason.SignatureMissing)
            : new SignatureClaim.Refused(RefusalReason.SignatureMismatch);
    }

    internal override IReadOnlyList<KeyValuePair<string, string>> Sign(
        ReadOnlySpan<byte> body,
        string id,
        DateTimeOffset now
    ) => signing?.Sign(body, id, now) ?? [new(Header, firstPlain ?? "")];
}
