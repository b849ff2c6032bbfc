using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>Reads a service's <c>pwd</c>, <c>environment</c>, <c>inherit_environment</c>, <c>run_as</c> and <c>umask</c>.</summary>
internal static class StepDefaultsReader
{
    /// <summary>Where nothing runs: it is always there.</summary>
    private const string NoFolder = "/";

    /// <param name="service">Its keys.</param>
    /// <param name="isNeeded">Whether anything runs in its folder.</param>
    internal static StepDefaults Read(MapReader service, bool isNeeded) =>
        new(
            isNeeded || service.Has("pwd") ? Folder(service) : NoFolder,
            EnvironmentReader.Read(service),
            StepEnvironment.ReadInherited(service),
            RunAs.Read(service),
            service.FileMask("umask") ?? StepDefaults.DefaultUmask
        );

    /// <summary>A step's own <c>pwd</c>; null where it has none.</summary>
    internal static string? FolderOf(MapReader keys)
    {
        var folder = keys.Path("pwd");
        if (folder is not null && !keys.Context.RunsElsewhere && !Directory.Exists(folder))
        {
            keys.Context.Warn(
                keys.Node("pwd")!.Place,
                $"\"pwd\" names {Quote.Of(folder)}, which is no folder now; commands can't run there until it is"
            );
        }

        return folder;
    }

    private static string Folder(MapReader service)
    {
        if (FolderOf(service) is { } folder)
        {
            return folder;
        }

        if (service.Node("pwd") is null or YamlText { Text.Length: 0 })
        {
            service.Context.Mistake(
                service.Node("pwd")?.Place ?? service.Place,
                "\"pwd\" is missing; name the folder in which the commands run"
            );
        }

        return "";
    }
}
