namespace ThinDeployer.Storage;

/// <summary>
/// The data folder, or the record in it, can't be used. The message is one sentence for the operator: what is wrong, and
/// what would help.
/// </summary>
public sealed class StorageException : Exception
{
    public StorageException() { }

    public StorageException(string message)
        : base(message) { }

    public StorageException(string message, Exception innerException)
        : base(message, innerException) { }
}
