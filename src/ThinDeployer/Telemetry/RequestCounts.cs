using System.Collections.Concurrent;

namespace ThinDeployer.Telemetry;

/// <summary>
/// What came in by HTTP, counted by codes that are constants of ours or senders of signatures: nothing that a stranger chooses
/// becomes a label.
/// </summary>
internal sealed class RequestCounts
{
    private readonly ConcurrentDictionary<string, long> _refused = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Sender, string Outcome), long> _deliveries = new();

    /// <summary>Requests that were not let in, by reason.</summary>
    internal IReadOnlyDictionary<string, long> Refusals => _refused;

    /// <summary>Requests for a deployment that were let in, by sender and what became of them.</summary>
    internal IReadOnlyDictionary<(string Sender, string Outcome), long> Deliveries => _deliveries;

    /// <param name="reason">A code, never a text that was sent.</param>
    internal void Refuse(string reason) => _refused.AddOrUpdate(reason, 1, (_, count) => count + 1);

    /// <param name="sender">Of the signature; null for a token.</param>
    /// <param name="outcome">A code.</param>
    internal void Deliver(string? sender, string outcome) =>
        _deliveries.AddOrUpdate((sender ?? "token", outcome), 1, (_, count) => count + 1);
}
