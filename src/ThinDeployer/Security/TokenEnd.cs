using System.Globalization;
using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>Reads <c>until</c>: from when on a token opens nothing.</summary>
internal static class TokenEnd
{
    /// <summary>Its end is told of so long before.</summary>
    internal static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    private const string Day = "yyyy-MM-dd";

    /// <summary>A zone must be there: a time without one is another moment on each machine.</summary>
    private static readonly string[] Times =
    [
        "yyyy-MM-dd'T'HH:mmzzz",
        "yyyy-MM-dd'T'HH:mm:sszzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>Null where there is none, or after a mistake.</summary>
    /// <param name="keys">Where <c>until</c> may stand.</param>
    /// <param name="name">Of the token.</param>
    internal static DateTimeOffset? Read(MapReader keys, string name)
    {
        var context = keys.Context;
        if (keys.Text("until") is not { } text)
        {
            return null;
        }

        var place = keys.Node("until")!.Place;
        if (Parse(text) is not { } end)
        {
            context.Mistake(
                place,
                "\"until\" must be a day, such as 2027-01-31, or a time with its zone, such as 2027-01-31T18:00:00Z"
            );
            return null;
        }

        if (end <= context.Now)
        {
            context.Warn(
                place,
                $"the token {Quote.Of(name)} has ended ({text}), so it opens nothing; give it another end"
            );
        }
        else if (end - context.Now <= Notice)
        {
            context.Warn(
                place,
                $"the token {Quote.Of(name)} ends soon ({text}); give it another end, or make a new one"
            );
        }

        return end;
    }

    /// <summary>A day counts to its end, in UTC. Null for what is neither that nor a time.</summary>
    internal static DateTimeOffset? Parse(string text)
    {
        if (DateOnly.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day < DateOnly.MaxValue
                ? new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
                : DateTimeOffset.MaxValue;
        }

        var written = text.EndsWith('Z') ? text[..^1] + "+00:00" : text;
        return DateTimeOffset.TryParseExact(
            written,
            Times,
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var time
        )
            ? time
            : null;
    }
}
