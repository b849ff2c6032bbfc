namespace ThinDeployer.Yaml;

/// <summary>What YamlDotNet says about a text that is not YAML, told to somebody who did not write a parser.</summary>
internal static class SyntaxMistake
{
    private const string Tab = "a tab can't be used to indent; use spaces";
    private const string Colon =
        "\": \" can't stand here; put a text that holds it into quotes, and check the indentation";
    private const string Dash =
        "\"- \" can't stand here; begin a list on a line of its own, or put the text into quotes";
    private const string Directive =
        "a line with \"%\" is not well-formed or out of place; put a text that begins with it into quotes";
    private const string Otherwise = "this is not valid YAML; check the indentation and the quotes";

    // Looked for in this order in the parser's message; its own text is never passed on, because it could quote a value.
    private static readonly (string Part, string Meaning)[] Meanings =
    [
        ("tab", Tab),
        (SteadyScanner.StrayAlias, "\"*\" can't stand here; put a text that holds it into quotes"),
        (SteadyScanner.SkippedColon, "put a text that begins with \":\" into quotes"),
        ("Mapping values are not allowed", Colon),
        ("found invalid mapping", Colon),
        ("Mapping keys are not allowed", "\"? \" can't stand here; put a text that begins with it into quotes"),
        ("Block sequence entries", Dash),
        ("Anchor before sequence entry", Dash),
        ("Invalid key indicator format", "\"-\" can't stand alone here; put it into quotes"),
        (
            "could not find expected ':'",
            "a key without \": \"; write \"key: value\", and check the indentation and the quotes"
        ),
        ("did not find expected key", "this does not belong to the map above it; check the indentation and the quotes"),
        (
            "did not find expected '-'",
            "this does not belong to the list above it; check the indentation and the quotes"
        ),
        (
            "expected ',' or ']'",
            "a list in \"[\" goes on or ends wrongly here; check its commas, its quotes and its \"]\""
        ),
        (
            "expected ',' or '}'",
            "a map in \"{\" goes on or ends wrongly here; check its commas, its quotes and its \"}\""
        ),
        // The scanner throws this without any word of its own.
        (
            "Operation is not valid",
            "a list in \"[\" or a map in \"{\" is still open here; close it, or indent its lines more than its key"
        ),
        (
            "character that cannot start any token",
            "a plain text can't begin with this character; put the text into quotes"
        ),
        ("quoted scalar, found unexpected end of stream", "a quote is opened here and never closed"),
        ("quoted scalar, found unexpected document", "a quote is opened here and not closed before the document ends"),
        (
            "unknown escape character",
            "there is no such escape in double quotes; write \"\\\\\" for a backslash, or use single quotes"
        ),
        (
            "hexadecimal number",
            "an escape in double quotes lacks hexadecimal digits; use single quotes for a plain backslash"
        ),
        ("Unicode", "an escape in double quotes is not a character; use single quotes for a plain backslash"),
        (
            "double-quoted scalar, found wrong indentation",
            "a text in double quotes goes on in a line that is not indented; indent it, or close the quotes"
        ),
        ("anchor or alias", "a name is missing after \"&\" or \"*\"; put a text that begins with one into quotes"),
        ("more than one anchor", "there are two anchors for one value; keep one"),
        (
            "block scalar",
            "the block text after \"|\" or \">\" is not well-formed; check its first line and its indentation"
        ),
        ("incompatible YAML", "only YAML 1.1 and 1.2 are read; remove the %YAML line"),
        ("%YAML", Directive),
        ("directive", Directive),
        ("comment", "\"#\" can't stand here; put a space before a comment, or a text that holds it into quotes"),
        ("'...' marker", "nothing can follow \"...\" on its line"),
        (
            "<document start>",
            "this does not belong to what is above it; check the indentation and the quotes, and that \"---\" follows lines with \"%\""
        ),
        ("<document end>", "this does not belong to what is above it; check the indentation and the quotes"),
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
            return Tab;
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
