using System.CommandLine;
using System.CommandLine.Parsing;
using ThinDeployer.Configuration;

namespace ThinDeployer.Server;

/// <summary>A switch that takes one text.</summary>
internal static class TextOption
{
    internal static Option<string> New(string name, string description, string helpName) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            Arity = ArgumentArity.ExactlyOne,
        };

    /// <summary>As the table of settings describes it.</summary>
    internal static Option<string> Of(Switch one) =>
        new("--" + one.Name)
        {
            Description = one.Help + Default(one),
            HelpName = one.ValueName,
            Arity =
                one.MayStandAlone ? ArgumentArity.ZeroOrOne
                : one.MayRepeat ? ArgumentArity.OneOrMore
                : ArgumentArity.ExactlyOne,
            CustomParser = one.MayRepeat ? Joined : null,
        };

    private static string Joined(ArgumentResult result) => string.Join(',', result.Tokens.Select(token => token.Value));

    /// <summary>That what stands alone means yes says enough.</summary>
    private static string Default(Switch one) =>
        !one.MayStandAlone && (one.Default ?? one.WithoutDefault) is { } shown ? $" [default: {shown}]" : "";
}
