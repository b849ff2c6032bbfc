namespace ThinDeployer.Http;

/// <summary>
/// An answer that has begun must not end as a whole one does: its connection is closed before the end, so that a client
/// such as <c>curl</c> exits with an error.
/// </summary>
internal sealed class AnswerBrokenOffException : Exception
{
    public AnswerBrokenOffException()
        : base("The answer was broken off.") { }

    public AnswerBrokenOffException(string message)
        : base(message) { }

    public AnswerBrokenOffException(string message, Exception innerException)
        : base(message, innerException) { }
}
