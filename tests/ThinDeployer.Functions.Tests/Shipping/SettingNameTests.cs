using System.Text.RegularExpressions;
using ThinDeployer.Configuration;

namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>A variable with a slip in its name is silently nothing: those of the files that set some are asked for by the core.</summary>
public sealed partial class SettingNameTests
{
    [Xunit.Theory]
    [InlineData("Dockerfile")]
    [InlineData("local.settings.example.json")]
    public void Every_setting_of_ours_is_one_that_is_read(string file)
    {
        var ours = Names.Matches(RepositoryFile.Text(file)).Select(name => name.Value);

        Assert.NotEmpty(ours);
        Assert.Subset(Asked(), ours.ToHashSet());
    }

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

    [GeneratedRegex(@"\b(THIN_DEPLOYER|HC)_\w+", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Names { get; }
}
