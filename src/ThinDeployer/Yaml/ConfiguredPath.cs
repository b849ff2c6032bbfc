namespace ThinDeployer.Yaml;

internal static class ConfiguredPath
{
    /// <summary>The full path that is meant by what stands in a file. A user without a home has <c>/</c>.</summary>
    internal static string Resolve(string path, string namingFile, string homeFolder)
    {
        var meant =
            path == "~" ? Path.Join("/", homeFolder)
            : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Join("/", homeFolder, path[2..])
            : path;
        return Path.GetFullPath(meant, FolderOf(namingFile));
    }

    private static string FolderOf(string file) => Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
}
