namespace ThinDeployer.Server;

/// <summary>What the program tells who started it.</summary>
internal static class ExitCode
{
    internal const int Good = 0;

    /// <summary>It could not start, for example because the port is in use.</summary>
    internal const int CouldNotStart = 1;

    internal const int WrongUsage = 2;

    /// <summary>The configuration has mistakes; the number is EX_CONFIG of sysexits(3).</summary>
    internal const int Configuration = 78;
}
