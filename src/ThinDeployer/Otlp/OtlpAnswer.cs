namespace ThinDeployer.Otlp;

/// <summary>What became of a request to a collector.</summary>
internal abstract record OtlpAnswer
{
    private OtlpAnswer() { }

    /// <param name="Rejected">So many items of it were not.</param>
    /// <param name="Message">What the collector says; null for nothing.</param>
    internal sealed record Taken(long Rejected, string? Message) : OtlpAnswer;

    /// <summary>It may be taken later.</summary>
    /// <param name="Why">The end of a sentence that begins with the collector.</param>
    /// <param name="After">What the collector asks for; null where it says nothing.</param>
    internal sealed record TryAgain(string Why, TimeSpan? After) : OtlpAnswer;

    /// <summary>It will never be taken.</summary>
    /// <param name="Why">As <see cref="TryAgain.Why"/>.</param>
    internal sealed record Refused(string Why) : OtlpAnswer;
}
