using System.Text.RegularExpressions;

namespace ThinDeployer.Rules;

/// <summary>What is wrong with a pattern, in an operator's words.</summary>
internal static class PatternMistake
{
    private const string Alternation = "(?(…)…|…) is not written as it must be";

    /// <param name="exception">Of the pattern as it was compiled.</param>
    /// <param name="written">The pattern.</param>
    internal static string Of(RegexParseException exception, string written) =>
        // Where Python's spellings were translated, the places have moved.
        PythonPattern.Translate(written) == written
            ? $"{Words(exception.Error)}, seen at character {Math.Max(exception.Offset, 1)}"
            : Words(exception.Error);

    private static string Words(RegexParseError error) =>
        error switch
        {
            RegexParseError.InsufficientClosingParentheses =>
                "a \"(\" is not closed; write \"\\(\" if a bracket is meant",
            RegexParseError.InsufficientOpeningParentheses =>
                "a \")\" closes nothing; write \"\\)\" if a bracket is meant",
            RegexParseError.UnterminatedBracket => "a \"[\" is not closed; write \"\\[\" if a bracket is meant",
            RegexParseError.QuantifierAfterNothing =>
                "\"*\", \"+\", \"?\" or \"{…}\" repeats nothing; write \".*\" for any text, or a backslash before it",
            RegexParseError.NestedQuantifiersNotParenthesized =>
                "two of \"*\", \"+\", \"?\" and \"{…}\" follow one another; write a backslash before one that means itself",
            RegexParseError.ReversedQuantifierRange => "in \"{a,b}\" the first number is the larger one",
            RegexParseError.QuantifierOrCaptureGroupOutOfRange => "a number is too large",
            RegexParseError.ReversedCharacterRange => "a range such as \"[z-a]\" runs backwards",
            RegexParseError.ShorthandClassInCharacterRange =>
                "a class such as \"\\w\" can't begin or end a range; write \"\\-\" for a hyphen",
            RegexParseError.ExclusionGroupNotLast => "a \"-[…]\" must be the last in its brackets",
            RegexParseError.UnescapedEndingBackslash => "it ends with a backslash; write two for one",
            RegexParseError.UnrecognizedEscape => "a backslash stands before a letter that means nothing so",
            RegexParseError.UnrecognizedControlCharacter or RegexParseError.MissingControlCharacter =>
                "\"\\c\" needs a letter behind it",
            RegexParseError.InsufficientOrInvalidHexDigits => "\"\\x\" needs two hexadecimal digits, \"\\u\" four",
            RegexParseError.UnrecognizedUnicodeProperty
            or RegexParseError.InvalidUnicodePropertyEscape
            or RegexParseError.MalformedUnicodePropertyEscape =>
                "\"\\p\" needs the name of a kind of characters that there is, such as \"\\p{L}\"",
            RegexParseError.MalformedNamedReference => "\"\\k\" needs the name of a group, such as \"\\k<name>\"",
            RegexParseError.UndefinedNamedReference or RegexParseError.UndefinedNumberedReference =>
                "it refers to a group that it does not have",
            RegexParseError.CaptureGroupNameInvalid or RegexParseError.CaptureGroupOfZero =>
                "a group has a name that it can't have; use letters, digits and \"_\", and no digit first",
            RegexParseError.InvalidGroupingConstruct => "what follows \"(?\" means nothing",
            RegexParseError.UnterminatedComment => "a comment \"(?#\" is not closed",
            RegexParseError.AlternationHasTooManyConditions
            or RegexParseError.AlternationHasMalformedCondition
            or RegexParseError.AlternationHasNamedCapture
            or RegexParseError.AlternationHasComment
            or RegexParseError.AlternationHasMalformedReference
            or RegexParseError.AlternationHasUndefinedReference => Alternation,
            _ => "it can't be read",
        };
}
