using System.Globalization;
using System.Text;

namespace ThinDeployer.Rules;

/// <summary>The only values that a variable can have. What is passed is compared, whole and exact.</summary>
/// <param name="Texts">At least one, each once, in the order written.</param>
internal sealed record VariableChoices(IReadOnlyList<WrittenText> Texts)
{
    /// <summary>Beyond these a message only counts.</summary>
    private const int MostShown = 10;

    /// <summary>UTF-16 units.</summary>
    private const int LongestShown = 300;

    /// <summary>As <see cref="PatternAlphabet.Of"/> tells it of a pattern.</summary>
    internal string Alphabet =>
        string.Concat(
            Texts
                .SelectMany(text => text.Value)
                .Where(character => char.IsAscii(character) && !char.IsAsciiLetterOrDigit(character))
                .Distinct()
                .Order()
        );

    internal bool Holds(string value) => Texts.Any(text => text.Value == value);

    /// <summary>As they were written, the first of many; what the environment filled in is not shown.</summary>
    public override string ToString()
    {
        var shown = new StringBuilder();
        var count = 0;
        foreach (var text in Texts.Take(MostShown).TakeWhile(_ => shown.Length < LongestShown))
        {
            shown.Append(count++ == 0 ? "" : ", ").Append(Excerpt.Quoted(text.Written, isSecret: false));
        }

        return count == Texts.Count
            ? shown.ToString()
            : shown.Append(CultureInfo.InvariantCulture, $" and {Texts.Count - count} more").ToString();
    }
}
