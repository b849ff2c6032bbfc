using System.Globalization;
using System.Text.RegularExpressions;

namespace ThinDeployer.Rules;

/// <summary>A value that a service takes from requests.</summary>
/// <param name="Pattern">Matches the whole of it; null where any text will do.</param>
/// <param name="Choices">What is passed is one of them; null where it is free.</param>
/// <param name="Default">
/// The operator's own text, one of the choices and else not checked; null where a request must give a value.
/// </param>
/// <param name="AllowsDash">Whether what is passed may begin with "-".</param>
internal sealed record Variable(
    string Name,
    ValueSource Source,
    WholePattern? Pattern,
    VariableChoices? Choices,
    string? Default,
    bool AllowsDash
)
{
    /// <summary>The value that is passed, or what is wrong; the value itself is not repeated.</summary>
    internal (string? Value, string? Complaint) From(RuleRequest request) =>
        Source.In(request) switch
        {
            Found.Text(var text) => Checked(text),
            Found.Several(var count) => Wrong(
                string.Create(CultureInfo.InvariantCulture, $"came {count} times ({Source})")
            ),
            Found.Unreadable(var reason) => Wrong($"has no value: the JSON body {reason}"),
            _ when Default is not null => (Default, null),
            Found.Composite(var kind) => Wrong($"has no value: {Source} is {kind}"),
            Found.Nothing({ } hint) => Wrong($"has no value: {Source} is missing; {hint}"),
            _ => Wrong($"has no value: {Source} is missing"),
        };

    /// <summary>Checks what an operator gives in place of a request.</summary>
    /// <param name="given">Null where he gives nothing.</param>
    internal (string? Value, string? Complaint) Given(string? given) =>
        given is not null ? Checked(given)
        : Default is not null ? (Default, null)
        : Wrong("has no value, neither here nor by a default");

    /// <summary>
    /// Checks a value that was passed once, perhaps by other rules, and gives it back, or what is wrong. Where a group of the
    /// pattern is what is passed, the text around it is not known any more, and only the other rules count.
    /// </summary>
    /// <param name="passed">Null where there was none.</param>
    internal (string? Value, string? Complaint) Again(string? passed)
    {
        if (passed is null)
        {
            return Default is null ? Wrong("has no value") : (Default, null);
        }

        if (passed == Default)
        {
            return (passed, null);
        }

        return Pattern is { PassesGroup: true } ? Kept(passed) : Checked(passed);
    }

    private (string?, string?) Kept(string passed) =>
        ArgumentRule.Fault(passed, AllowsDash) is { } fault ? Wrong(fault)
        : Choices?.Holds(passed) == false ? Wrong("is none of its choices")
        : (passed, null);

    private (string?, string?) Checked(string text)
    {
        try
        {
            return (Pattern is null ? text : Pattern.Match(text)) switch
            {
                null => Wrong("does not match"),
                var passed => Kept(passed),
            };
        }
        catch (RegexMatchTimeoutException)
        {
            return Wrong("can't be checked within the time limit");
        }
    }

    private (string?, string?) Wrong(string what) =>
        (
            null,
            $"The variable \"{Name}\" {what}"
                + (Pattern is null ? "" : $"; its pattern is {Pattern.Source}")
                + (Choices is null ? "" : $"; its choices are {Choices}")
        );
}
