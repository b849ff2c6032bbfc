namespace ThinDeployer.Server.Client;

/// <summary>Why a command of the client ends before it has done its work. The message is a sentence for the user.</summary>
internal sealed class ClientFailure : Exception
{
    public ClientFailure() { }

    public ClientFailure(string message)
        : base(message) { }

    public ClientFailure(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>What the program tells who started it.</summary>
    internal int Code { get; private init; } = ExitCode.WrongUsage;

    /// <summary>The server said no.</summary>
    internal static ClientFailure Refused(string message) => new(message);

    internal static ClientFailure NotReached(string message) => new(message) { Code = ExitCode.NotReached };
}
