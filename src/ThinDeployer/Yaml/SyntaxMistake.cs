namespace ThinDeployer.Yaml;

/// <summary>What YamlDotNet says about a text that is not YAML, told to somebody who did not write a parser.</summary>
internal static class SyntaxMistake
{
    private const string Otherwise = "this is not valid YAML";

    // Looked for in this order in the parser's message; its own text is never passed on, because it could quote a value.
    private static readonly (string Part, string Meaning)[] Meanings =
    [
        ("tab", "a tab can't be used to indent; use spaces"),
        (
            "Mapping values are not allowed",
            "\": \" can't stand here; put a text that holds it into quotes, and check the indentation"
        ),
        (
            "found invalid mapping",
            "\": \" can't stand here; put a text that holds it into quotes, and check the indentation"
        ),
        ("Mapping keys are not allowed", "\"? \" can't stand here; put a text that begins with it into quotes"),
        ("Block sequence entries", "\"- \" can't stand here; begin the list on a line of its own"),
        ("Anchor before sequence entry", "\"- \" can't stand here; begin the list on a line of its own"),
        (
            "could not find expected ':'",
            "a key without \": \"; write \"key: value\", and check the indentation and the quotes"
        ),
        ("did not find expected key", "this does not belong to the map above it; check the indentation and the quotes"),
        (
            "did not find expected '-'",
            "this does not belong to the list above it; check the indentation and the quotes"
        ),
        ("expected ',' or ']'", "a list in \"[\" is not closed here; add \"]\" or \",\""),
        ("expected ',' or '}'", "a map in \"{\" is not closed here; add \"}\" or \",\""),
        (
            "character that cannot start any token",
            "a plain text can't begin with this character; put the text into quotes"
        ),
        ("found unexpected end of stream", "a quote is opened here and never closed"),
        ("found unexpected document indicator", "a quote is opened here and not closed before the document ends"),
        (
            "unknown escape character",
            "an unknown escape in a text in double quotes; write \"\\\\\" for a backslash, or use single quotes"
        ),
        (
            "hexadecimal number",
            "an escape in a text in double quotes lacks hexadecimal digits; use single quotes for a plain backslash"
        ),
        ("Unicode", "an escape in a text in double quotes is not a character; use single quotes for a plain backslash"),
        (
            "wrong indentation",
            "a text in double quotes goes on in a line that is not indented; indent it or close the quotes"
        ),
        ("disallowed: []{},", "a name is missing after \"&\" or \"*\"; put a text that begins with one into quotes"),
        ("more than one anchor", "two anchors for one value; keep one"),
        (
            "block scalar",
            "the block text after \"|\" or \">\" is not well-formed; check its first line and its indentation"
        ),
        ("comment", "a space is missing before \"#\""),
        ("%YAML", "the %YAML line is not well-formed; remove it, or write \"%YAML 1.1\" and \"---\""),
        ("incompatible YAML", "only YAML 1.1 and 1.2 are read; remove the %YAML line"),
        ("directive", "a line that begins with \"%\" is not well-formed; put a text that begins with it into quotes"),
        ("document start", "\"---\" or \"...\" can't stand here; one document a file"),
        ("document end", "this does not belong to what is above it; check the indentation and the quotes"),
        ("tag", YamlTreeBuilder.NoTags),
        ("expected node content", "a value is missing here"),
    ];

    /// <param name="message">The parser's message.</param>
    /// <param name="text">The whole file.</param>
    /// <param name="index">Where in the text the parser gave up.</param>
    internal static string InPlainWords(string message, string text, int index)
    {
        if (IsIndentedByTab(text, index))
        {
            return Meanings[0].Meaning;
        }
        foreach (var (part, meaning) in Meanings)
        {
            if (message.Contains(part, StringComparison.Ordinal))
            {
                return meaning;
            }
        }
        return Otherwise;
    }

    // The most frequent cause, which the parser rarely names.
    private static bool IsIndentedByTab(string text, int index)
    {
        var before = text.AsSpan(0, Math.Min(index, text.Length));
        var line = text.AsSpan(before.LastIndexOf('\n') + 1);
        return line.TrimStart(' ').StartsWith('\t');
    }
}
