using ThinDeployer.Yaml;

namespace ThinDeployer.Audit;

/// <summary>Who did what, and what became of it. Nothing in it is a secret; who gives a text from outside masks it before.</summary>
/// <param name="What">One of <see cref="AuditAction"/>.</param>
/// <param name="Result">One of <see cref="AuditResult"/>.</param>
internal sealed record AuditEntry(string What, string Result)
{
    /// <summary>Characters of a name or an address.</summary>
    internal const int LongestName = 200;

    /// <summary>Characters.</summary>
    internal const int LongestReason = 500;

    /// <summary>What the log calls the credential, such as a token's name; null for nobody who is known.</summary>
    internal string? Who { get; init; }

    /// <summary>Where it came from; null for nowhere.</summary>
    internal string? Address { get; init; }

    /// <summary>Null where it is of none.</summary>
    internal string? Service { get; init; }

    /// <summary>Null where it is of none.</summary>
    internal string? DeploymentId { get; init; }

    /// <summary>Why, or which; null where there is nothing to say.</summary>
    internal string? Reason { get; init; }

    /// <summary>With texts of bounded length, whoever chose them.</summary>
    internal AuditEntry Bounded() =>
        this with
        {
            Who = Cut(Who, LongestName),
            Address = Cut(Address, LongestName),
            Service = Cut(Service, LongestName),
            DeploymentId = Cut(DeploymentId, LongestName),
            Reason = Cut(Reason, LongestReason),
        };

    private static string? Cut(string? text, int most) => text is null ? null : Beginning.Marked(text, most);
}

/// <summary>An entry as it is kept.</summary>
/// <param name="Number">Grows with each one; none comes twice.</param>
internal sealed record KeptAuditEntry(long Number, DateTimeOffset At, AuditEntry Entry);

/// <summary>What somebody did. The words are those of the record and of the API.</summary>
internal static class AuditAction
{
    internal const string Deploy = "deploy";
    internal const string Cancel = "cancel";
    internal const string Rerun = "rerun";
    internal const string Rollback = "rollback";
    internal const string Approve = "approve";
    internal const string Reject = "reject";
    internal const string Pause = "pause";
    internal const string Resume = "resume";
    internal const string AddMachine = "add_machine";
    internal const string RemoveMachine = "remove_machine";
    internal const string JoinMachine = "join_machine";
    internal const string SignIn = "sign_in";
    internal const string SignOut = "sign_out";

    /// <summary>An address failed so often that it is not heard for a while.</summary>
    internal const string RefusedOften = "refused_often";

    internal const string Reload = "reload";

    /// <summary>Entries that could not be kept.</summary>
    internal const string Lost = "lost";

    internal static IReadOnlyList<string> All { get; } =
    [
        Deploy,
        Cancel,
        Rerun,
        Rollback,
        Approve,
        Reject,
        Pause,
        Resume,
        AddMachine,
        RemoveMachine,
        SignIn,
        SignOut,
        RefusedOften,
        Reload,
        Lost,
    ];
}

/// <summary>What became of it.</summary>
internal static class AuditResult
{
    internal const string Accepted = "accepted";

    /// <summary>By a rule; the reason says which.</summary>
    internal const string Refused = "refused";

    /// <summary>It was right, and could not be done; the reason says why.</summary>
    internal const string Failed = "failed";
}
