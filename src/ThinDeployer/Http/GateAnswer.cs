using ThinDeployer.Identities;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>What the door said.</summary>
internal abstract record GateAnswer
{
    private GateAnswer() { }

    /// <summary>Why it is not let in, as metrics name it; null where it is, or nothing is wanted.</summary>
    internal string? Reason =>
        this switch
        {
            Refused(var reason, _) => reason,
            Lacks => RefusalReason.RightMissing,
            Asked => RefusalReason.TokenMissing,
            TooMany => RefusalReason.TooManyFailures,
            BodyTooLarge => RefusalReason.BodyTooLarge,
            BodyTooSlow => RefusalReason.BodyTooSlow,
            NoRoom or GaveWay => RefusalReason.NoRoom,
            _ => null,
        };

    internal sealed record Admitted(Caller Caller) : GateAnswer
    {
        /// <summary>Of the session that let it in; null where it was something else.</summary>
        internal string? SessionKey { get; init; }
    }

    /// <summary>Not let in, and nothing is wanted: its sender tries whether somebody is there, and signs no such request.</summary>
    internal sealed record Ping : GateAnswer;

    /// <param name="Why">One of <see cref="RefusalReason"/>, for the log.</param>
    /// <param name="Signed">Whose signature the request carries, for the log; null where none is known.</param>
    internal sealed record Refused(string Why, string? Signed = null) : GateAnswer
    {
        /// <summary>What the reason is about, for the log; null for none.</summary>
        internal string? Detail { get; init; }

        internal static Refused Of(IdentityRefusal refusal) => new(refusal.Code) { Detail = refusal.Detail };
    }

    /// <summary>Its credential is right, and may not do this.</summary>
    /// <param name="Right">That is missing.</param>
    /// <param name="Credential">As the log calls it.</param>
    internal sealed record Lacks(Rights Right, string Credential) : GateAnswer;

    /// <summary>It offers no credential, and is told how to.</summary>
    internal sealed record Asked : GateAnswer;

    /// <summary>This address has failed too often.</summary>
    /// <param name="Seconds">Until it may fail again.</param>
    internal sealed record TooMany(int Seconds) : GateAnswer;

    /// <param name="Limit">Bytes.</param>
    internal sealed record BodyTooLarge(long Limit) : GateAnswer;

    internal sealed record BodyTooSlow : GateAnswer;

    /// <summary>The bodies of its address fill what all who are not let in yet may have.</summary>
    internal sealed record NoRoom : GateAnswer;

    /// <summary>Its address held the most when somebody else needed room, and it was not whole yet.</summary>
    internal sealed record GaveWay : GateAnswer;
}
