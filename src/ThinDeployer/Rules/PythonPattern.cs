using System.Text;

namespace ThinDeployer.Rules;

/// <summary>
/// Turns the spellings that only Python's <c>re</c> knows into .NET's: <c>(?P&lt;name&gt;…)</c>, <c>(?P=name)</c>,
/// <c>\Z</c> and <c>{,3}</c> (docs.python.org/3/library/re.html). Anything else means the same in both.
/// </summary>
internal static class PythonPattern
{
    internal static string Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length);
        var inClass = false;
        for (var i = 0; i < pattern.Length; )
        {
            var (read, written) = inClass ? InClass(pattern, i) : Outside(pattern, i);
            inClass = pattern[i] switch
            {
                '[' when !inClass => true,
                ']' when inClass => false,
                _ => inClass,
            };
            result.Append(written ?? pattern.Substring(i, read));
            i += read;
        }

        return result.ToString();
    }

    private static (int Read, string? Written) InClass(string pattern, int at) =>
        pattern[at] == '\\' && at + 1 < pattern.Length ? (2, null) : (1, null);

    private static (int Read, string? Written) Outside(string pattern, int at)
    {
        var rest = pattern.AsSpan(at);
        return rest switch
        {
            ['\\', 'Z', ..] => (2, @"\z"),
            ['\\', _, ..] => (2, null),
            ['(', '?', 'P', '<', ..] => (4, "(?<"),
            ['(', '?', 'P', '=', ..] when rest.IndexOf(')') is var end and > 4 => (end + 1, $@"\k<{rest[4..end]}>"),
            ['{', ',', var digit, ..] when char.IsAsciiDigit(digit) => (2, "{0,"),
            // A "]" or "^]" that opens a class is an ordinary character of it, in both languages.
            ['[', '^', ']', ..] => (3, null),
            ['[', ']', ..] => (2, null),
            _ => (1, null),
        };
    }
}
