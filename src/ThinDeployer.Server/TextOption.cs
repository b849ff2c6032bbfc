using System.CommandLine;

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
}
