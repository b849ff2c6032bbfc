namespace ThinDeployer.Operating.Backups;

/// <summary>There is no backup, or no restore. The message is a sentence for the operator.</summary>
public sealed class BackupException : Exception
{
    public BackupException() { }

    public BackupException(string message)
        : base(message) { }

    public BackupException(string message, Exception innerException)
        : base(message, innerException) { }
}
