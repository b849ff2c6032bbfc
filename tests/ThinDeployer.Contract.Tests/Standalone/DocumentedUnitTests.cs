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
        workspace.Folder("etc");
        workspace.Write("etc/site.yml", ServiceYaml.Bare("site", $"token: {ServiceYaml.Token}, pwd: ../site", "true"));
        Assert.Equal("thin-deployer", Assert.Single(Unit["ConfigurationDirectory"]));
        Assert.Equal("thin-deployer", Assert.Single(Unit["StateDirectory"]));
        var switches = Assert.Single(Unit["ExecStart"]).Split(' ')[1..];
        await using var server = await RunningServer.StartAsync(
            new ProgramStart(new BareServer(), workspace)
            {
                Arguments = [.. switches, "--port", "0"],
                Settings = new Dictionary<string, string>
                {
                    ["THIN_DEPLOYER_CONFIGURATION"] = "",
                    ["THIN_DEPLOYER_DATA"] = "",
                    ["CONFIGURATION_DIRECTORY"] = workspace.At("etc"),
                    ["STATE_DIRECTORY"] = workspace.At("state"),
                },
            }
        );

        var answer = await server.DeployAsync("site");

        Assert.Equal(202, answer.Status);
        Assert.True(Directory.Exists(workspace.At("state")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(workspace.Home));
        Assert.Empty(Directory.EnumerateFileSystemEntries(workspace.Data));
    }

    [Fact]
    public void It_comes_back_by_itself_and_at_a_boot_but_not_for_mistakes()
    {
        Assert.Equal("on-failure", Assert.Single(Unit["Restart"]));
        Assert.Contains(
            $"{ServerStart.WrongConfiguration}",
            Assert.Single(Unit["RestartPreventExitStatus"]).Split(' ')
        );
        Assert.Equal("multi-user.target", Assert.Single(Unit["WantedBy"]));
    }

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
