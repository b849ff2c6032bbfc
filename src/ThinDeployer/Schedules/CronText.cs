using Cronos;

namespace ThinDeployer.Schedules;

/// <summary>Reads the text of <c>cron</c>: five fields, or one of a few words for them.</summary>
internal static class CronText
{
    internal static readonly string[] Words = ["@hourly", "@daily", "@weekly", "@monthly", "@yearly"];

    private static readonly char[] Spaces = [' ', '\t'];

    /// <summary>In their order, each with what may stand there.</summary>
    private static readonly (string Name, string Range)[] Fields =
    [
        ("minute", "0 to 59"),
        ("hour", "0 to 23"),
        ("day of the month", "1 to 31"),
        ("month", "1 to 12, or JAN to DEC"),
        ("day of the week", "0 (Sunday) to 7, or SUN to SAT"),
    ];

    /// <summary>The text with one space between its fields, or what is wrong, to be continued behind the key's name.</summary>
    internal static (string? Text, string? Fault) Read(string written)
    {
        var fields = written.Split(Spaces, StringSplitOptions.RemoveEmptyEntries);
        if (fields is [['@', ..] word])
        {
            return Words.Contains(word, StringComparer.Ordinal)
                ? (word, null)
                : (null, $"knows the words {string.Join(", ", Words)} and no others");
        }

        if (fields.Length != Fields.Length)
        {
            var seconds = fields.Length == Fields.Length + 1 ? "; seconds are not known" : "";
            return (
                null,
                $"must have 5 fields, not {fields.Length}: minute, hour, day of the month, month, day of the week{seconds}"
            );
        }

        for (var place = 0; place < fields.Length; place++)
        {
            if (!IsRight(fields[place], place))
            {
                var (name, range) = Fields[place];
                return (
                    null,
                    $"has a {name} that is none; write {range}, *, a list (1,3), a range (1-5) or a step (*/2)"
                );
            }
        }

        var text = string.Join(' ', fields);
        return Parse(text) is { } expression && expression.GetNextOccurrence(DateTime.UnixEpoch) is not null
            ? (text, null)
            : (null, "names a day that never comes");
    }

    /// <summary>Whether both days count, where crontab would take either.</summary>
    internal static bool NamesBothDays(string text) => text.Split(' ') is [_, _, not ("*" or "?"), _, not ("*" or "?")];

    private static bool IsRight(string field, int place)
    {
        var others = Enumerable.Repeat("*", Fields.Length).ToArray();
        others[place] = field;
        return Parse(string.Join(' ', others)) is not null;
    }

    /// <summary>Null for what is none; so is "H", for which the package would choose a number.</summary>
    private static CronExpression? Parse(string text) => CronExpression.TryParse(text, out var found) ? found : null;
}
