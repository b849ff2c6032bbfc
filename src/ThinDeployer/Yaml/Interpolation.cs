using System.Text;
using System.Text.RegularExpressions;

namespace ThinDeployer.Yaml;

/// <summary>Fills references from the environment; <c>$${</c> writes <c>${</c>. What is filled in is not read again.</summary>
internal static partial class Interpolation
{
    /// <summary>UTF-16 units. A long variable named many times would otherwise fill the memory.</summary>
    internal const int MaximumLength = 1_048_576;

    private const char Escape = '$';
    private const string Broken =
        "\"${\" is not followed by \"NAME}\" or \"NAME:-default}\"; write \"$${\" for a plain \"${\"";

    /// <summary>Null after a mistake.</summary>
    internal static string? Fill(YamlText text, ReadingContext context)
    {
        WarnOfUnbraced(text, context);
        var filled = new StringBuilder();
        var isWhole = true;
        var rest = text.Text.AsSpan();
        for (int start; (start = rest.IndexOf(EnvironmentReference.Start)) >= 0; )
        {
            if (start > 0 && rest[start - 1] == Escape)
            {
                filled.Append(rest[..(start - 1)]).Append(EnvironmentReference.Start);
                rest = rest[(start + EnvironmentReference.Start.Length)..];
                continue;
            }
            if (!EnvironmentReference.TryParse(rest[start..], out var reference))
            {
                context.Mistake(text.Place, Broken);
                return null;
            }
            var value = ValueOf(reference, text.Place, context);
            isWhole &= value is not null;
            filled.Append(rest[..start]).Append(value);
            rest = rest[(start + reference.Length)..];
            if (filled.Length > MaximumLength)
            {
                context.Mistake(text.Place, $"longer than {MaximumLength:N0} characters once \"${{…}}\" is filled in");
                return null;
            }
        }
        return isWhole ? filled.Append(rest).ToString() : null;
    }

    private static string? ValueOf(EnvironmentReference reference, Place place, ReadingContext context)
    {
        // A variable that is empty counts as not set, here as everywhere.
        if (context.Environment(reference.Name) is { Length: > 0 } value)
        {
            return value;
        }
        if (reference.Default is null)
        {
            context.Mistake(
                place,
                $"the environment variable {Quote.Of(reference.Name)} is not set, or empty; "
                    + "set it, or write \"${NAME:-default}\""
            );
        }
        return reference.Default;
    }

    /// <summary>
    /// Only of variables that there are, and in what looks like a path or a list of paths: a password may hold a dollar sign,
    /// and what has blanks may be a command that a shell fills in later, as git does with <c>GIT_SSH_COMMAND</c>.
    /// </summary>
    private static void WarnOfUnbraced(YamlText text, ReadingContext context)
    {
        if (text.Text.Any(char.IsWhiteSpace))
        {
            return;
        }

        foreach (Match match in Unbraced.Matches(text.Text))
        {
            var name = match.Groups["name"].Value;
            if (name is "PATH" or "HOME" || context.Environment(name) is { Length: > 0 })
            {
                context.Warn(
                    text.Place,
                    $"\"${name}\" stays as written; write \"${{{name}}}\" for what the server's environment has"
                );
                return;
            }
        }
    }

    [GeneratedRegex(@"(^|:)\$(?<name>[A-Za-z_][A-Za-z0-9_]*)(?=[:/]|$)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Unbraced { get; }
}
