using System.Collections;
using System.Globalization;
using System.Text;
using ThinDeployer.Configuration;
using ThinDeployer.Steps;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>
/// The server that holds a data folder. What works by hand fails as a service because a service manager gives it other
/// variables than a login shell does: with the server's own, a look at the machine sees what the steps will.
/// </summary>
public sealed class RunningServer
{
    private RunningServer(int processId, uint userId, bool isSeen)
    {
        ProcessId = processId;
        UserId = userId;
        IsSeen = isSeen;
    }

    internal int ProcessId { get; }

    /// <summary>As a folder of <c>/proc</c>.</summary>
    internal string Process => ProcessId.ToString(CultureInfo.InvariantCulture);

    internal uint UserId { get; }

    /// <summary>Whether its environment could be read, and is now that of this process.</summary>
    public bool IsSeen { get; }

    /// <summary>The one that asks itself.</summary>
    internal static RunningServer This() =>
        new(Environment.ProcessId, SystemUser.EffectiveId, isSeen: true) { IsThis = true };

    /// <summary>Whether it asks itself: its addresses are taken by itself then.</summary>
    internal bool IsThis { get; private init; }

    /// <summary>
    /// Finds the server and takes over its environment, where the system lets us: only its user and root may read it.
    /// </summary>
    /// <returns>Null where no server runs with this data folder.</returns>
    public static RunningServer? TakeEnvironment(ServerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (
            Holder(Path.Join(settings.Engine.DataFolder, "lock")) is not { } id
            || FileStatus.Of($"/proc/{id}") is not { } process
        )
        {
            return null;
        }

        var variables = VariablesOf(id);
        if (variables is not null)
        {
            Replace(variables);
        }

        return new RunningServer(id, process.Owner, variables is not null);
    }

    /// <summary>
    /// The process that has locked a file. It is looked up and not tried: even a lock that is let go at once could turn
    /// a server away that starts just now.
    /// </summary>
    private static int? Holder(string file)
    {
        if (FileStatus.Of(file) is not { } locked)
        {
            return null;
        }

        // proc_locks(5): "1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF"; the last of the three is the inode.
        var inode = string.Create(CultureInfo.InvariantCulture, $":{locked.Inode}");
        return Lines("/proc/locks")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(parts =>
                parts is [_, "FLOCK", _, _, _, var place, ..] && place.EndsWith(inode, StringComparison.Ordinal)
            )
            .Select(parts => int.TryParse(parts[4], CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId)
            .Cast<int?>()
            .FirstOrDefault();
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static Dictionary<string, string>? VariablesOf(int processId)
    {
        try
        {
            return Encoding
                .UTF8.GetString(File.ReadAllBytes($"/proc/{processId}/environ"))
                .Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Select(variable => variable.Split('=', 2))
                .Where(parts => parts is [{ Length: > 0 }, _])
                .DistinctBy(parts => parts[0], StringComparer.Ordinal)
                .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Replace(Dictionary<string, string> variables)
    {
        foreach (DictionaryEntry own in Environment.GetEnvironmentVariables())
        {
            Environment.SetEnvironmentVariable((string)own.Key, null);
        }

        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
