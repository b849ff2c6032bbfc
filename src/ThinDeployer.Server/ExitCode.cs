namespace ThinDeployer.Server;

/// <summary>What the program tells who started it.</summary>
internal static class ExitCode
{
    internal const int Good = 0;

    /// <summary>It could not start, for example because the port is in use.</summary>
    internal const int CouldNotStart = 1;

    /// <summary>The deployment did not succeed.</summary>
    internal const int Failed = 1;

    /// <summary>The command line is wrong, or a server refused what it asks for.</summary>
    internal const int WrongUsage = 2;

    internal const int NotReached = 3;

    /// <summary>The rules of the service wanted no deployment.</summary>
    internal const int Skipped = 4;

    /// <summary>The configuration has mistakes; the number is EX_CONFIG of sysexits(3).</summary>
    internal const int Configuration = 78;
}
