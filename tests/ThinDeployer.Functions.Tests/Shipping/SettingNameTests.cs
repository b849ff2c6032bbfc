using System.Text.RegularExpressions;
using ThinDeployer.Configuration;

namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>A variable with a slip in its name is silently nothing: those of the files that set some are asked for by the core.</summary>
public sealed partial class SettingNameTests
{
    private static readonly HashSet<string> Known =
    [
        .. Switches.All.Where(one => !one.IsEndpoint).Select(one => one.Variable),
    ];

    [Xunit.Theory]
    [InlineData("Dockerfile")]
    [InlineData("local.settings.example.json")]
    public void Every_setting_of_ours_is_one_that_is_read(string file)
    {
        var ours = Names.Matches(RepositoryFile.Text(file)).Select(name => name.Value);

        Assert.NotEmpty(ours);
        Assert.Subset(Known, ours.ToHashSet());
    }

    [GeneratedRegex(@"\b(THIN_DEPLOYER|HC)_\w+", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Names { get; }
}
