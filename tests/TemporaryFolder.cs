namespace ThinDeployer.Testing;

/// <summary>A folder of its own for one test, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Somebody who still writes may make a file while the folder is emptied.</summary>
    private const int Tries = 100;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thin-deployer-");

    internal string FullName => _folder.FullName;

    internal string At(string name) => Path.Combine(FullName, name);

    internal string Write(string name, byte[] content)
    {
        File.WriteAllBytes(At(name), content);
        return At(name);
    }

    public void Dispose() => Remove(FullName);

    /// <summary>
    /// Removes a folder with all that is in it. Never throws: it comes last, and an exception of its own would stand where
    /// the one belongs that says why a test failed. What can't be removed is told on standard error.
    /// </summary>
    internal static void Remove(string folder)
    {
        for (var left = Tries; Directory.Exists(folder); left--)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                if (left == 1)
                {
                    Console.Error.WriteLine($"{folder} can't be removed: {exception.Message}");
                    return;
                }
            }
        }
    }
}
