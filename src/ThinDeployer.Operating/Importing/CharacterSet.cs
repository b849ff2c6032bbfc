using System.Globalization;
using System.Text;

namespace ThinDeployer.Operating.Importing;

/// <summary>
/// A set of characters that Go's patterns name (pkg.go.dev/regexp/syntax): all of ASCII only, while .NET's <c>\d</c>,
/// <c>\w</c> and <c>\s</c> take those of all scripts.
/// </summary>
internal sealed record CharacterSet(IReadOnlyList<(char First, char Last)> Ranges)
{
    private static readonly CharacterSet Digit = Of("09");
    private static readonly CharacterSet Word = Of("09AZ__az");

    /// <summary>Without U+000B, which <c>[[:space:]]</c> has.</summary>
    private static readonly CharacterSet Blank = Of("\t\n\f\r  ");

    private static readonly Dictionary<string, CharacterSet> Named = new(StringComparer.Ordinal)
    {
        ["alnum"] = Of("09AZaz"),
        ["alpha"] = Of("AZaz"),
        ["ascii"] = Of("\0\u007F"),
        ["blank"] = Of("\t\t  "),
        ["cntrl"] = Of("\0\u001F\u007F\u007F"),
        ["digit"] = Digit,
        ["graph"] = Of("!~"),
        ["lower"] = Of("az"),
        ["print"] = Of(" ~"),
        ["punct"] = Of("!/:@[`{~"),
        ["space"] = Of("\t\r  "),
        ["upper"] = Of("AZ"),
        ["word"] = Word,
        ["xdigit"] = Of("09AFaf"),
    };

    /// <summary>Of <c>\d</c> and its like; null for any other letter.</summary>
    internal static CharacterSet? OfEscape(char letter) =>
        letter switch
        {
            'd' => Digit,
            'w' => Word,
            's' => Blank,
            'D' => Digit.Others,
            'W' => Word.Others,
            'S' => Blank.Others,
            _ => null,
        };

    /// <summary>Of <c>[:alpha:]</c> or <c>[:^alpha:]</c>, without the brackets; null for any other name.</summary>
    internal static CharacterSet? OfName(string name) =>
        name.StartsWith('^') ? Named.GetValueOrDefault(name[1..])?.Others : Named.GetValueOrDefault(name);

    /// <summary>For use between the brackets of a class.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (first, last) in Ranges)
        {
            text.Append(Escaped(first));
            if (first != last)
            {
                text.Append('-').Append(Escaped(last));
            }
        }

        return text.ToString();
    }

    internal static string Escaped(char character) =>
        char.IsAsciiLetterOrDigit(character) || character == '_'
            ? character.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");

    private CharacterSet Others
    {
        get
        {
            var others = new List<(char, char)>();
            var next = 0;
            foreach (var (first, last) in Ranges)
            {
                if (first > next)
                {
                    others.Add(((char)next, (char)(first - 1)));
                }

                next = last + 1;
            }

            others.Add(((char)next, char.MaxValue));
            return new CharacterSet(others);
        }
    }

    /// <param name="pairs">First and last of each range, in rising order.</param>
    private static CharacterSet Of(string pairs) => new([.. pairs.Chunk(2).Select(pair => (pair[0], pair[1]))]);
}
