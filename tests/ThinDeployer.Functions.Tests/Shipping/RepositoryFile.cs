using System.Xml.Linq;

namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>Files of the repository that no compiler checks here.</summary>
internal static class RepositoryFile
{
    private const string Solution = "ThinDeployer.sln";

    private static readonly string Root = FolderAbove(AppContext.BaseDirectory);

    internal static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    internal static XElement Xml(string path) => XElement.Parse(Text(path));

    /// <summary>Paths of all projects below a folder, from the root.</summary>
    internal static IReadOnlyList<string> Projects(string folder) =>
        [
            .. Directory
                .EnumerateFiles(
                    Path.Combine(Root, folder),
                    "*.csproj",
                    new EnumerationOptions { MaxRecursionDepth = 1, RecurseSubdirectories = true }
                )
                .Select(path => Path.GetRelativePath(Root, path)),
        ];

    private static string FolderAbove(string folder) =>
        File.Exists(Path.Combine(folder, Solution))
            ? folder
            : FolderAbove(
                Path.GetDirectoryName(folder)
                    ?? throw new InvalidOperationException($"No folder above these tests has {Solution}")
            );
}
