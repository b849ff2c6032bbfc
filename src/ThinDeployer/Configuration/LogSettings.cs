using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>Where the server's own log goes, and how it is written.</summary>
/// <param name="File">Full path; null for none beside the console.</param>
/// <param name="IsJson">Whether an entry is an object for programs.</param>
internal sealed record LogSettings(string? File, bool IsJson)
{
    internal static LogSettings Read(SettingsSource source, bool serves)
    {
        var file = source.Of(Switches.LogFile);
        if (serves && file is not null && !CanBeWritten(file))
        {
            source.Refuse(Switches.LogFile, $"must be a file that can be written; {Quote.Of(file)} can't");
            file = null;
        }

        return new LogSettings(file, source.Of(Switches.LogFormat) == "json");
    }

    /// <summary>Made with its folder if need be, for its owner only.</summary>
    private static bool CanBeWritten(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "/");
            using var file = new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.Append,
                    Access = FileAccess.Write,
                    Share = FileShare.ReadWrite,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            );
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
