using System.Globalization;

namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>A temporary folder that holds all that one server reads and writes.</summary>
public sealed class Workspace : IDisposable
{
    /// <summary>A log file for any host: below the current folder it would be in that of the Functions app.</summary>
    public const string HomeLog = "~/server.log";

    public Workspace()
    {
        Root = Directory.CreateTempSubdirectory("thin-deployer-contract-").FullName;
        Home = Folder("home");
        Data = Folder("data");
        Site = Folder("site");
    }

    public string Root { get; }

    /// <summary>The home folder of the server's user.</summary>
    public string Home { get; }

    public string Data { get; }

    /// <summary>Where the commands of most services run.</summary>
    public string Site { get; }

    public string ConfigurationFile => At("deployer.yml");

    /// <summary>The full path of what need not exist.</summary>
    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Makes a folder below the root.</summary>
    public string Folder(params string[] parts) => Directory.CreateDirectory(At(parts)).FullName;

    public string Write(string name, string text)
    {
        var path = At(name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>What a step wrote; empty as long as it wrote nothing.</summary>
    public string ReadSite(string name) => File.Exists(At("site", name)) ? File.ReadAllText(At("site", name)) : "";

    /// <summary>The log file of <see cref="HomeLog"/>; empty until its first line.</summary>
    public string ReadHomeLog() =>
        File.Exists(At("home", "server.log")) ? File.ReadAllText(At("home", "server.log")) : "";

    /// <summary>Makes an empty file, such as one that a step waits for.</summary>
    public void TouchSite(string name) => File.WriteAllText(At("site", name), "");

    /// <summary>Waits for a file that a step makes.</summary>
    public Task SiteHasAsync(string name) =>
        Eventually.IsTrueAsync(() => File.Exists(At("site", name)), $"the file {name} was made");

    /// <summary>The number that a step wrote, of a process that it started.</summary>
    public ForeignProcess SiteProcess(string name) => new(int.Parse(ReadSite(name), CultureInfo.InvariantCulture));

    /// <summary>Removes it, and ends what still runs in it: a test that fails leaves nothing behind either.</summary>
    public void Dispose()
    {
        while (ForeignProcess.Below(Root) is { Count: > 0 } processes)
        {
            foreach (var process in processes)
            {
                process.Kill();
            }

            // Until it is gone, it may still write.
            if (!SpinWait.SpinUntil(() => !processes.Any(process => process.IsAlive), Eventually.Limit))
            {
                break;
            }
        }

        TemporaryFolder.Remove(Root);
    }
}
