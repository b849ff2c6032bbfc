namespace ThinDeployer.Outbox;

/// <summary>What became of a try.</summary>
internal abstract record Receipt
{
    private Receipt() { }

    internal sealed record Taken : Receipt;

    /// <summary>Another try may do.</summary>
    /// <param name="Why">A part of a sentence, without the address.</param>
    /// <param name="After">What the other side asks for; null where it says nothing.</param>
    internal sealed record Later(string Why, TimeSpan? After = null) : Receipt;

    /// <summary>No further try would do.</summary>
    /// <param name="Why">A part of a sentence, without the address.</param>
    internal sealed record Refused(string Why) : Receipt;
}
