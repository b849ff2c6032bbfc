namespace ThinDeployer;

/// <summary>A program that every step needs is not installed. The message is a sentence for an operator.</summary>
#pragma warning disable CA1032 // Nobody else makes one.
public sealed class MissingProgramException : Exception
#pragma warning restore CA1032
{
    internal MissingProgramException(string message)
        : base(message) { }
}
