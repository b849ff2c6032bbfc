namespace ThinDeployer.Bench.Programs;

/// <summary>
/// A folder in which any contestant can be started: the same services as configuration of Thin Deployer and as hooks of
/// webhook, and room for data.
/// </summary>
internal sealed class ServerFolder : IDisposable
{
    /// <summary>Services in a file: one may have 10,000 values, and each of ours is more than ten.</summary>
    private const int FileServices = 500;

    private ServerFolder(string path) => Path = path;

    internal string Path { get; }

    internal string Configuration => System.IO.Path.Combine(Path, "configuration");

    internal string HooksFile => System.IO.Path.Combine(Path, "hooks.json");

    internal string Data => System.IO.Path.Combine(Path, "data");

    internal string LogFile => System.IO.Path.Combine(Path, "log");

    /// <param name="path">Not there yet.</param>
    /// <param name="services">What Thin Deployer serves; the hooks are always the same.</param>
    internal static ServerFolder Create(string path, IEnumerable<string> services)
    {
        var folder = new ServerFolder(path);
        Directory.CreateDirectory(System.IO.Path.Combine(path, "site"));
        Directory.CreateDirectory(folder.Configuration);
        foreach (var (index, texts) in services.Chunk(FileServices).Index())
        {
            var file = System.IO.Path.Combine(folder.Configuration, $"{index}.yml");
            File.WriteAllLines(file, texts);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.WriteAllText(folder.HooksFile, Hooks.Json);
        return folder;
    }

    internal string Log()
    {
        try
        {
            return File.ReadAllText(LogFile);
        }
        catch (FileNotFoundException)
        {
            return "";
        }
    }

    public void Dispose() => TemporaryFolder.Remove(Path);
}
