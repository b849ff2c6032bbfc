using System.Text;
using ThinDeployer.Shell;

namespace ThinDeployer.Operating.Importing;

/// <summary>Writes what is passed to a command as words of a shell.</summary>
internal static class ShellQuoting
{
    private const string Plain = "@_+:,./-";

    /// <summary>Words that a shell has a meaning for of its own, unless they are quoted.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "case",
        "coproc",
        "do",
        "done",
        "elif",
        "else",
        "esac",
        "fi",
        "for",
        "function",
        "if",
        "in",
        "select",
        "then",
        "time",
        "until",
        "while",
    };

    /// <summary>A word that is the text, whatever it is; no part of it is a placeholder.</summary>
    internal static string Constant(string text)
    {
        if (text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || Plain.Contains(character)))
        {
            return text;
        }

        var word = new StringBuilder("'");
        for (var i = 0; i < text.Length; i++)
        {
            _ = text[i] switch
            {
                '\'' => word.Append(@"'\''"),
                '%' when Placeholder.NameAt(text, i) is not null => word.Append("%''"),
                var other => word.Append(other),
            };
        }

        return word.Append('\'').ToString();
    }

    /// <summary>The name of a program.</summary>
    internal static string Program(string name) => Reserved.Contains(name) ? $"'{name}'" : Constant(name);
}
