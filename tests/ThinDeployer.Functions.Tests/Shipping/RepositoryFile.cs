using System.Text.Json;
using System.Xml.Linq;

namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>Files of the repository that no compiler checks here.</summary>
internal static class RepositoryFile
{
    private const string Solution = "ThinDeployer.sln";

    private static readonly string Root = FolderAbove(AppContext.BaseDirectory);

    internal static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    internal static XElement Xml(string path) => XElement.Parse(Text(path));

    internal static JsonElement Json(string path) => JsonElement.Parse(Text(path));

    private static string FolderAbove(string folder) =>
        File.Exists(Path.Combine(folder, Solution))
            ? folder
            : FolderAbove(
                Path.GetDirectoryName(folder)
                    ?? throw new InvalidOperationException($"No folder above these tests has {Solution}")
            );
}
