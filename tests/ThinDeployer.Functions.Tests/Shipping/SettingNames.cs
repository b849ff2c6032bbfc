using ThinDeployer.Configuration;

namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>The environment variables that the core asks for.</summary>
internal static class SettingNames
{
    internal static IReadOnlySet<string> All { get; } = Asked();

    private static HashSet<string> Asked()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        ServerSettings.Read(_ => null, NoteDown);
        return names;

        string? NoteDown(string name)
        {
            names.Add(name);
            return null;
        }
    }
}
