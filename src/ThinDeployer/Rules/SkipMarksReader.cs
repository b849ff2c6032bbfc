using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>Reads <c>skip_marks</c>.</summary>
internal static class SkipMarksReader
{
    private const int MaximumMarks = 50;

    /// <summary>UTF-16 units.</summary>
    private const int LongestMark = 100;

    /// <summary>Null where there are none, or after a mistake.</summary>
    internal static SkipMarks? Read(MapReader service)
    {
        var items = service.List(SkipMarks.Key);
        if (items.Count > MaximumMarks)
        {
            service.Context.Mistake(
                items[MaximumMarks].Place,
                $"\"{SkipMarks.Key}\" must have at most {MaximumMarks} texts"
            );
            return null;
        }

        var marks = items.Select(item => MarkOf(item, service.Context)).OfType<string>().ToList();
        return marks.Count > 0 ? new SkipMarks(marks) : null;
    }

    private static string? MarkOf(YamlNode item, ReadingContext context)
    {
        if (item is YamlText text)
        {
            if (Scalars.Interpolated(text, context) is not { } mark)
            {
                return null;
            }

            // A blank one would be in nearly every message.
            if (!string.IsNullOrWhiteSpace(mark) && mark.Length <= LongestMark)
            {
                return mark;
            }
        }

        context.Mistake(
            item.Place,
            $"\"{SkipMarks.Key}\" must be a list of texts of 1 to {LongestMark} characters, such as [\"[skip cd]\"]"
        );
        return null;
    }
}
