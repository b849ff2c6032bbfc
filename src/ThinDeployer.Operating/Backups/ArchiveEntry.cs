namespace ThinDeployer.Operating.Backups;

/// <summary>One file of an archive. What it holds is read once, before the next entry is asked for.</summary>
/// <param name="Name">As the archive has it; from outside.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Content">Ends after so many bytes; one that is cut off before throws <see cref="BackupException"/>.</param>
internal sealed record ArchiveEntry(string Name, long Length, Stream Content);
