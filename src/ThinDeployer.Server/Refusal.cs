namespace ThinDeployer.Server;

/// <summary>How every command says that it was used wrongly.</summary>
internal static class Refusal
{
    /// <returns>The exit code of the program.</returns>
    /// <param name="reason">A part of a sentence.</param>
    internal static int Say(string reason)
    {
        Console.Error.WriteLine($"thin-deployer: {reason}");
        return ExitCode.WrongUsage;
    }
}
