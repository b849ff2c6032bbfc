using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace ThinDeployer.Http;

/// <summary>
/// How long a client wants to wait, from <c>Prefer: respond-async</c> and <c>Prefer: wait=SECONDS</c> (RFC 7240). What is
/// not understood is ignored, as the RFC demands.
/// </summary>
/// <param name="Limit">Null for as long as it takes.</param>
/// <param name="Applied">For <c>Preference-Applied</c>; null where the client said nothing.</param>
internal sealed record Preference(TimeSpan? Limit, string? Applied)
{
    /// <summary>A day: more than a connection lives, and a timer can hold it.</summary>
    private const int MaximumSeconds = 24 * 60 * 60;

    /// <param name="prefer">The header.</param>
    /// <param name="answersAtOnce">What the service does without a preference.</param>
    /// <param name="longest">What the host allows; null for no limit.</param>
    internal static Preference Of(StringValues prefer, bool answersAtOnce, TimeSpan? longest)
    {
        var wishes = WithoutQuotedText(string.Join(',', prefer.ToArray()))
            .Split(',')
            .Select(wish => wish.Split(';')[0].Trim())
            .ToList();
        var seconds = wishes.Select(Seconds).FirstOrDefault(wait => wait is not null);
        if (seconds is { } wait)
        {
            var limit = TimeSpan.FromSeconds(Math.Min(wait, MaximumSeconds));
            return new Preference(
                longest < limit ? longest : limit,
                string.Create(CultureInfo.InvariantCulture, $"wait={wait}")
            );
        }

        if (wishes.Contains("respond-async", StringComparer.OrdinalIgnoreCase))
        {
            return new Preference(TimeSpan.Zero, "respond-async");
        }

        return new Preference(answersAtOnce ? TimeSpan.Zero : longest, Applied: null);
    }

    /// <summary>A quoted text may hold commas; nothing that is understood here is quoted but a number.</summary>
    private static string WithoutQuotedText(string header) =>
        string.Concat(header.Split('"').Where((part, index) => index % 2 == 0 || part.All(char.IsAsciiDigit)));

    private static int? Seconds(string wish)
    {
        var parts = wish.Split('=', 2, StringSplitOptions.TrimEntries);
        return
            parts is [var name, var value]
            && name.Equals("wait", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(value.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;
    }
}
