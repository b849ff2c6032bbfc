namespace ThinDeployer.Storage;

/// <summary>
/// Room that is kept on the data folder's disk, as a file: given back when the record needs it, so that the end of what runs
/// can always be written.
/// </summary>
internal sealed class Reserve(string path)
{
    internal const string Name = "reserve";

    /// <summary>An end takes some 100 KiB in the write-ahead log. Bytes.</summary>
    private const int Size = 256 * 1024;

    /// <summary>Takes the room, unless it is taken already. False where there is not so much.</summary>
    internal bool Take()
    {
        try
        {
            using var file = DataFolder.OwnerFile(path, FileShare.None);
            if (file.Length < Size)
            {
                // Written, not only announced: some file systems would give the room away else.
                file.Position = 0;
                file.Write(new byte[Size]);
                file.Flush(flushToDisk: true);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What was written of it must not take the last room.
            GiveBack();
            return false;
        }
    }

    /// <summary>False where there was none.</summary>
    internal bool GiveBack()
    {
        try
        {
            var wasThere = File.Exists(path);
            File.Delete(path);
            return wasThere;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
