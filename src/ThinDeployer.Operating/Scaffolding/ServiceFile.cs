using System.Runtime.InteropServices;
using System.Text;
using ThinDeployer.Configuration;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Scaffolding;

/// <summary>Puts a new service into the configuration: a file of its own in a folder, else at the end of the file.</summary>
public sealed partial class ServiceFile
{
    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Bytes; more than a configuration may have.</summary>
    private const int LargestFile = 2 << 20;

    private readonly ServerSettings _settings;
    private readonly string _path;
    private readonly bool _isFolder;

    private ServiceFile(ServerSettings settings)
    {
        _settings = settings;
        _path = settings.Configuration.Path;
        _isFolder = Directory.Exists(_path);
    }

    /// <summary>The configuration that the settings name, which need not be there.</summary>
    public static ServiceFile Of(ServerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new ServiceFile(settings);
    }

    /// <summary>Nothing that stands there is touched, and nothing is left where it can't be.</summary>
    /// <param name="service">What is added.</param>
    /// <returns>The file.</returns>
    /// <exception cref="UnwantedServiceException">It was not, as such a service is there, or something is wrong.</exception>
    public string Add(NewService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var file = _isFolder ? Path.Join(_path, $"{service.Name}.yml") : _path;
        try
        {
            if (WhyNot(service, file, out var before) is { } refusal)
            {
                throw new UnwantedServiceException(refusal);
            }

            Write(file, before, service.ToYaml());
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnwantedServiceException($"{file} can't be written: {exception.Message}");
        }
    }

    /// <param name="before">What stands in the file.</param>
    private string? WhyNot(NewService service, string file, out string before)
    {
        before = "";
        var isThere = Path.Exists(file);
        if (_isFolder && isThere)
        {
            return $"{file} is there already; give the service another name, or write into that file";
        }

        if (_isFolder && service.Name.StartsWith('.'))
        {
            return $"{file} would be hidden, and hidden files of a folder are not read; give the service another name";
        }

        if (isThere && service.Secret is not null && FileStatus.IsOpenToAll(file, UnixFileMode.OtherRead))
        {
            return $"everybody may read {file}, and the secret of {service.Forge!.Title} must stand in it: chmod 600 it first";
        }

        if (isThere)
        {
            switch (TextFile.Read(file, LargestFile))
            {
                case TextFileResult.Refused(var reason, _, _):
                    return $"{file} can't be added to: {reason}";
                case TextFileResult.Content content:
                    before = content.Text;
                    break;
            }
        }

        var now =
            (_isFolder ? Holds(_path) : SaysSomething(before)) ? LoadedConfiguration.Load(_settings).Snapshot : null;
        return now?.Services.TryGetValue(service.Name, out var known) == true
                ? $"there is a service {Quote.Of(service.Name)} already: {known.DefinedAt}"
            : now is { Mistakes.Count: > 0 } ? $"first mend what is there:\n{string.Join('\n', now.Mistakes)}"
            : WrongIn(file, before + Gap(before) + service.ToYaml());
    }

    private static bool Holds(string folder) =>
        Directory.EnumerateFiles(folder).Any(file => Path.GetExtension(file) is ".yml" or ".yaml");

    /// <summary>A file of blank lines and comments is a mistake by itself, but one to begin with.</summary>
    private static bool SaysSomething(string text) =>
        text.Split('\n').Any(line => line.TrimStart() is not ([] or ['#', ..]));

    /// <summary>So that a new line can follow.</summary>
    private static string Gap(string text) =>
        text.Length == 0 ? ""
        : text.EndsWith('\n') ? "\n"
        : "\n\n";

    /// <summary>Tried out beside the file, where relative paths are the same.</summary>
    private string? WrongIn(string file, string text)
    {
        var draft = Path.Join(Path.GetDirectoryName(file), $".{Path.GetFileName(file)}.{Guid.NewGuid():N}");
        try
        {
            using (var stream = new FileStream(draft, New()))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
            }

            var read = ConfigurationReader.Read(
                draft,
                Environment.GetEnvironmentVariable,
                SettingsSource.HomeFolder,
                _settings.Configuration.ServerSecrets,
                _settings.Configuration.MinimumTokenLength
            );
            var mistakes = read
                .Problems.Where(problem => problem.Severity is Severity.Mistake)
                .Select(problem => problem.ToString().Replace(draft, file, StringComparison.Ordinal))
                .ToList();
            return mistakes.Count == 0 ? null : $"it would be wrong:\n{string.Join('\n', mistakes)}";
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>At its end in one piece, so that owner, rights, links and mounts stay, and the server reads no half.</summary>
    private static void Write(string file, string before, string yaml)
    {
        if (File.Exists(file))
        {
            using var there = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            var length = there.Length;
            WriteOrUndo(there, Gap(before) + yaml, () => there.SetLength(length));
            return;
        }

        using var made = new FileStream(file, New());
        ShareWithServer(file, made);
        WriteOrUndo(made, yaml, () => File.Delete(file));
    }

    private static void WriteOrUndo(FileStream file, string text, Action undo)
    {
        try
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // Such as on a full disk.
            undo();
            throw;
        }
    }

    private static FileStreamOptions New() =>
        new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = ForOwner,
        };

    /// <summary>A folder that root keeps for the group of the server: the file is for it, too.</summary>
    private static void ShareWithServer(string file, FileStream made)
    {
        if (
            Environment.IsPrivilegedProcess
            && FileStatus.Of(Path.GetDirectoryName(file)!) is { } folder
            && FileStatus.Of(made.SafeFileHandle) is { } own
            && folder.Owner == own.Owner
            && folder.Group != own.Group
            && !folder.Permissions.HasFlag(UnixFileMode.GroupWrite)
            && ChangeOwner(made.SafeFileHandle, owner: -1, (int)folder.Group) == 0
        )
        {
            File.SetUnixFileMode(made.SafeFileHandle, ForOwner | UnixFileMode.GroupRead);
        }
    }

    /// <summary>fchown(2); -1 leaves the owner.</summary>
    [LibraryImport("libc", EntryPoint = "fchown")]
    private static partial int ChangeOwner(SafeHandle file, int owner, int group);
}
