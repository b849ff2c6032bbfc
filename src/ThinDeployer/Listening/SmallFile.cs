using ThinDeployer.Yaml;

namespace ThinDeployer.Listening;

/// <summary>Reads a whole file that can't be large.</summary>
internal static class SmallFile
{
    /// <summary>Bytes; a chain of certificates has some thousands.</summary>
    private const int Largest = 1024 * 1024;

    /// <summary>Null with the end of a sentence that says why not.</summary>
    /// <exception cref="IOException">No descriptor is free: that says nothing of the file.</exception>
    internal static byte[]? Read(string path, out string refusal)
    {
        using var handle = RegularFile.Open(path, out refusal);
        if (handle is null)
        {
            return null;
        }

        var length = RandomAccess.GetLength(handle);
        if (length > Largest)
        {
            refusal = $"the file has more than {Largest} bytes";
            return null;
        }

        try
        {
            // What changes meanwhile is read again at the next look.
            var text = new byte[length];
            return text[..RandomAccess.Read(handle, text, fileOffset: 0)];
        }
        catch (IOException exception)
        {
            refusal = $"the file can't be read: {exception.Message}";
            return null;
        }
    }
}
