using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>The systemd unit of docs/security.md: what it starts, with what systemd gives it for its keys.</summary>
public sealed class DocumentedUnitTests
{
    private const string Begin = "```ini\n";

    private static readonly ILookup<string, string> Unit = Read();

    [Fact]
    public async Task Its_command_line_finds_configuration_and_data_where_systemd_makes_the_folders()
    {
        var workspace = new Workspace();
        var configuration = workspace.Folder("etc", Assert.Single(Unit["ConfigurationDirectory"]));
        var state = workspace.At("lib", Assert.Single(Unit["StateDirectory"]));
        File.WriteAllText(
            Path.Combine(configuration, "site.yml"),
            ServiceYaml.Bare("site", $"token: {ServiceYaml.Token}, pwd: {workspace.Site}", "true")
        );
        var switches = Assert.Single(Unit["ExecStart"]).Split(' ')[1..];
        await using var server = await RunningServer.StartAsync(
            new ProgramStart(new BareServer(), workspace)
            {
                Arguments = [.. switches, "--port", "0"],
                Settings = new Dictionary<string, string>
                {
                    ["THIN_DEPLOYER_CONFIGURATION"] = "",
                    ["THIN_DEPLOYER_DATA"] = "",
                    ["CONFIGURATION_DIRECTORY"] = configuration,
                    ["STATE_DIRECTORY"] = state,
                },
            }
        );

        var answer = await server.DeployAsync("site");

        Assert.Equal(202, answer.Status);
        Assert.True(Directory.Exists(state));
        Assert.Empty(Directory.EnumerateFileSystemEntries(workspace.Home));
        Assert.Empty(Directory.EnumerateFileSystemEntries(workspace.Data));
    }

    [Xunit.Fact]
    public void It_is_not_started_again_with_a_configuration_that_is_wrong() =>
        Assert.Contains(
            $"{ServerStart.WrongConfiguration}",
            Assert.Single(Unit["RestartPreventExitStatus"]).Split(' ')
        );

    private static ILookup<string, string> Read()
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "security.md"));
        var begin = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return document[begin..document.IndexOf("```", begin, StringComparison.Ordinal)]
            .Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0], pair => pair[1]);
    }
}
