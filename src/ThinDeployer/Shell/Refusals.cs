namespace ThinDeployer.Shell;

/// <summary>Why a place is refused, in an operator's words.</summary>
internal static class Refusals
{
    internal const string Lost = "after shell text whose quoting can't be followed";
    internal const string Backticks = "inside backticks";
    internal const string HereDocument = "inside a here-document";
    internal const string Arithmetic = "inside arithmetic";
    internal const string Parameter = "inside ${…}";
    internal const string EscapedQuotes = "inside $'…'";
    internal const string Subscript = "inside or behind an array subscript, which bash evaluates";
    internal const string Condition = "inside [[ … ]], where bash may evaluate it";
    internal const string Duplication = "behind >& or <&, where bash expands a name twice";
    internal const string EvaluatedArguments = "in the arguments of a command by which bash evaluates values";
    internal const string EvaluatedVariable = "in the value of a variable that the shell itself evaluates";
}
