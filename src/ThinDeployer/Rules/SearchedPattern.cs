using System.Text.RegularExpressions;

namespace ThinDeployer.Rules;

/// <summary>A pattern that is searched in a text: it decides where it begins and ends.</summary>
internal sealed class SearchedPattern
{
    private readonly Regex _regex;

    private SearchedPattern(string source, Regex regex, bool backtracks)
    {
        Source = source;
        _regex = regex;
        Backtracks = backtracks;
    }

    /// <summary>As written.</summary>
    internal string Source { get; }

    internal bool Backtracks { get; }

    /// <exception cref="RegexParseException">It is no pattern; the message says what is wrong.</exception>
    internal static SearchedPattern Parse(string pattern)
    {
        var (regex, backtracks) = PatternEngine.Compile(PythonPattern.Translate(pattern));
        return new SearchedPattern(pattern, regex, backtracks);
    }

    internal Outcome Search(ReadOnlySpan<char> text)
    {
        try
        {
            return Outcomes.Of(_regex.IsMatch(text));
        }
        catch (RegexMatchTimeoutException)
        {
            return Outcome.Undecided;
        }
    }
}
