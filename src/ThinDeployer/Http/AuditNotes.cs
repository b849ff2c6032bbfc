using Microsoft.AspNetCore.Http;
using ThinDeployer.Audit;
using ThinDeployer.Deployments;

namespace ThinDeployer.Http;

/// <summary>What requests do, for the audit: one line where it was done.</summary>
internal static class AuditNotes
{
    /// <summary>Notes what somebody who was let in did.</summary>
    /// <param name="trail">Where to.</param>
    /// <param name="context">The request.</param>
    /// <param name="who">What the log calls the credential.</param>
    /// <param name="what">One of <see cref="AuditAction"/>.</param>
    /// <param name="service">Null where it is of none.</param>
    /// <param name="deployment">Its id; null where it is of none.</param>
    /// <param name="result">One of <see cref="AuditResult"/>.</param>
    /// <param name="reason">Masked; null for nothing.</param>
    internal static void Note(
        this AuditTrail trail,
        HttpContext context,
        string who,
        string what,
        string? service,
        string? deployment = null,
        string result = AuditResult.Accepted,
        string? reason = null
    ) =>
        trail.Note(
            new AuditEntry(what, result)
            {
                Who = who,
                Address = context.Client().Address?.ToString(),
                Service = service,
                DeploymentId = deployment,
                Reason = reason,
            }
        );

    /// <summary>Notes what became of a wish to deploy.</summary>
    /// <param name="trail">Where to.</param>
    /// <param name="context">The request.</param>
    /// <param name="who">What the log calls the credential.</param>
    /// <param name="what">One of <see cref="AuditAction"/>.</param>
    /// <param name="service">Whose.</param>
    /// <param name="answer">Of the queue.</param>
    internal static void Note(
        this AuditTrail trail,
        HttpContext context,
        string who,
        string what,
        string service,
        QueueAnswer answer
    )
    {
        var (result, reason) = answer switch
        {
            QueueAnswer.Accepted => (AuditResult.Accepted, null),
            QueueAnswer.Repeated => (AuditResult.Accepted, answer.Decision),
            QueueAnswer.Closed(var why) => (AuditResult.Failed, why),
            QueueAnswer.NotSaved(var why) => (AuditResult.Failed, why),
            _ => (AuditResult.Refused, answer.Decision),
        };
        trail.Note(context, who, what, service, answer.DeploymentId, result, reason);
    }
}
