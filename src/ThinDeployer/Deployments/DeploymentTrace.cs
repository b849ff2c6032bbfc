using System.Security.Cryptography;
using System.Text;
using ThinDeployer.Steps;

namespace ThinDeployer.Deployments;

/// <summary>
/// The ids of a deployment in a trace (https://www.w3.org/TR/trace-context/). All follow from what the record holds, so that a
/// step can be told its span before it runs, and a crash changes none.
/// </summary>
/// <param name="Id">Of the deployment.</param>
/// <param name="Caller">Who asked; null where nobody said so, and the deployment is the first of its trace.</param>
internal sealed record DeploymentTrace(string Id, TraceParent? Caller)
{
    /// <summary>Bytes of the id of a span.</summary>
    private const int SpanBytes = 8;

    private const byte Sampled = 1;

    /// <summary>32 hexadecimal digits.</summary>
    internal string TraceId => Caller?.TraceId ?? Digits(Id);

    /// <summary>The span of who asked, 16 hexadecimal digits; null for none.</summary>
    internal string? ParentId => Caller?.SpanId;

    /// <summary>Bits of trace context; 1 for one that is recorded.</summary>
    internal byte Flags => Caller?.Flags ?? Sampled;

    /// <summary>Whether it is to be sent: who asked may have decided that his trace is not.</summary>
    internal bool IsSampled => (Flags & Sampled) != 0;

    /// <summary>Of the deployment itself: the end of its id, in which not all bits can be zero (RFC 9562, section 4.1).</summary>
    internal string SpanId => Digits(Id)[^(2 * SpanBytes)..];

    /// <summary>The deployment itself.</summary>
    internal TraceParent Own => new(TraceId, SpanId, Flags);

    internal static DeploymentTrace Of(DeploymentEntry entry) => new(entry.Id, entry.Trigger.TraceParent);

    /// <param name="step">Its name within the deployment.</param>
    internal string SpanOf(string step)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(StepMarker.Of(Id, step)));
        return Convert.ToHexStringLower(hash.AsSpan(0, SpanBytes));
    }

    /// <summary>What a step is told. Where nothing of us is sent, what hangs below it hangs below the caller.</summary>
    /// <param name="step">Its name within the deployment.</param>
    internal string? TraceParentOf(string step) =>
        (IsSampled ? Own with { SpanId = SpanOf(step) } : Caller)?.ToString();

    private static string Digits(string id) => id.Replace("-", "", StringComparison.Ordinal);
}
