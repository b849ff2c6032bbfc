namespace ThinDeployer.Security;

/// <summary>Why a request was not let in: one code for the log. It never tells what would have been right.</summary>
internal static class RefusalReason
{
    internal const string TokenMissing = "token_missing";
    internal const string TokenMismatch = "token_mismatch";

    /// <summary>It was one until some time.</summary>
    internal const string TokenExpired = "token_expired";

    /// <summary>A right credential that may not do this.</summary>
    internal const string RightMissing = "right_missing";

    /// <summary>A place for a token came twice.</summary>
    internal const string TokenTwice = "token_twice";

    /// <summary>The page of another site sent a token in the query.</summary>
    internal const string ForeignSite = "foreign_site";

    /// <summary>A session of the page that is over, or whose token is gone.</summary>
    internal const string SessionEnded = "session_ended";

    /// <summary>An action in the session of a token that shows and does nothing.</summary>
    internal const string MayOnlySee = "may_only_see";

    /// <summary>An action in a session that no page of ours sent.</summary>
    internal const string AntiforgeryMismatch = "antiforgery_mismatch";

    /// <summary>Of an address that has failed too often.</summary>
    internal const string TooManyFailures = "too_many_failures";

    /// <summary>These three have a status of their own, so only metrics name them so.</summary>
    internal const string BodyTooLarge = "body_too_large";
    internal const string BodyTooSlow = "body_too_slow";

    /// <summary>For bodies of those who are not let in yet.</summary>
    internal const string NoRoom = "no_room";

    /// <summary>Only where it is not said to the client.</summary>
    internal const string UnknownService = "unknown_service";

    /// <summary>A form in which no token is looked for.</summary>
    internal const string FormTooLarge = "form_too_large";

    /// <summary>There is one of a known sender and no token, and the service has no <c>signature</c>.</summary>
    internal const string SignatureNotConfigured = "signature_not_configured";

    internal const string SignatureMissing = "signature_missing";
    internal const string SignatureEmpty = "signature_empty";
    internal const string SignatureTwice = "signature_twice";

    /// <summary>Of wrong length, or with characters that none has.</summary>
    internal const string SignatureMalformed = "signature_malformed";

    internal const string SignatureMismatch = "signature_mismatch";

    /// <summary>Only made by an algorithm that its sender has replaced.</summary>
    internal const string SignatureOutdated = "signature_outdated";

    internal const string TimestampMalformed = "timestamp_malformed";
    internal const string TimestampOutsideTolerance = "timestamp_outside_tolerance";
    internal const string WebhookIdMalformed = "webhook_id_malformed";
}
