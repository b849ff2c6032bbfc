namespace ThinDeployer.Machines;

/// <summary>
/// One signed message between a front and a machine, whatever carries it. Its signature is that of Standard Webhooks, by a key
/// that only these two have.
/// </summary>
/// <param name="Id">Of the message; what comes again has the same.</param>
/// <param name="Timestamp">When it was signed: seconds since 1970.</param>
/// <param name="Signature">As the header <c>webhook-signature</c> has it; empty for a <c>join</c>, which proves itself.</param>
/// <param name="Body">JSON.</param>
internal sealed record Envelope(string Id, long Timestamp, string Signature, ReadOnlyMemory<byte> Body);
