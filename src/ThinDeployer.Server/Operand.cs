using System.CommandLine;

namespace ThinDeployer.Server;

/// <summary>What a command is given without a switch. One that begins with a dash is a switch that there is not; "-" alone is none.</summary>
internal static class Operand
{
    internal static Argument<string> New(string name, string description, bool isNeeded = true)
    {
        var operand = new Argument<string>(name)
        {
            Description = description,
            Arity = isNeeded ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
        };
        operand.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', _, ..] unknown }, ..])
            {
                result.AddError($"Unrecognized command or argument '{unknown}'.");
            }
        });
        return operand;
    }
}
