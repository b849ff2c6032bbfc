using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>Where a configuration may lie, and what of the original's loads.</summary>
public sealed class ConfigurationFileTests
{
    [Fact]
    public async Task The_example_of_the_original_loads_and_only_warns_of_its_notification()
    {
        var workspace = new Workspace();
        workspace.Write(
            "deployer.yml",
            $"""

            # service definition (and service name there)
            phpdenyhosts:
                # token used to authorize via "token" GET parameter, or "X-Auth-Token" header
                token: some-token-goes-here-use-only-at-least-64-characters-long-tokens

                # optional: support for notifying Slack and other messengers
                # with wolnosciowiec-notification-client
                use_notification: true
                notification_group: "logs"

                # working directory to be in to execute every command
                pwd: {workspace.Site}

                # could be empty, if not empty then the deploy will execute
                # only if the INCOMING REQUEST BODY will match this regexp
                # useful for example to deploy only from a proper branch
                request_regexp: "\"branch\": \"([production|stage]+)\""

                # commands to execute in order
                commands:
                    - git pull
                    - composer install --no-dev

            # (...) there could be more service definitions
            """
        );
        await using var server = await StartAsync(workspace);
        using var body = new StringContent("""{"branch": "feature"}""");

        var answer = await server.SendAsync(
            HttpMethod.Post,
            "/deploy/phpdenyhosts",
            body,
            ("X-Auth-Token", "some-token-goes-here-use-only-at-least-64-characters-long-tokens")
        );

        Assert.Equal(200, answer.Status);
        Assert.Empty(server.Program.Errors.Lines);
        Assert.Single(
            server.Program.Output.Lines,
            line =>
                line.Contains("WARN", StringComparison.Ordinal)
                && line.Contains($"{workspace.ConfigurationFile}:9:", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Without_a_name_it_is_read_from_the_home_folder()
    {
        var workspace = new Workspace();
        await File.WriteAllTextAsync(
            Path.Combine(workspace.Home, ".deployer.yml"),
            ServiceYaml.Bare("site", $"token: {ServiceYaml.Token}, pwd: ~/", "pwd")
        );
        var start = ServerStart.With(workspace) with
        {
            Settings = new Dictionary<string, string> { ["THIN_DEPLOYER_CONFIGURATION"] = "" },
        };
        await using var server = await RunningServer.StartAsync(start);

        var answer = await server.DeployAsync("site");

        Assert.Equal([workspace.Home], answer.Printed.Select(line => line.TrimEnd('/')));
    }

    [Fact]
    public async Task A_folder_is_read_file_by_file_in_the_order_of_their_names()
    {
        var workspace = new Workspace();
        Place(workspace, "20-second.yaml", "second");
        Place(workspace, "10-first.yml", "first");
        Place(workspace, "not-read.txt", "ignored");
        workspace.Folder("configuration", "folder.yml");
        await using var server = await StartAsync(workspace, "--configuration", "configuration");

        Assert.Equal(["configuration"], (await server.DeployAsync("first")).Printed);
        Assert.Equal(202, (await server.DeployAsync("second")).Status);
        Assert.Equal(404, (await server.DeployAsync("ignored")).Status);
    }

    [Fact]
    public async Task Mistakes_in_a_folder_are_told_in_the_order_of_the_names_of_its_files()
    {
        using var workspace = new Workspace();
        workspace.Folder("configuration");
        workspace.Write("configuration/b.yml", "b: 1");
        workspace.Write("configuration/a.yaml", "a: 1");
        workspace.Write("configuration/c.yml", "c: 1");

        var run = await ServerStart.EndsAsync(workspace, "--configuration", "configuration");

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.Equal(
            ["a.yaml", "b.yml", "c.yml"],
            ServerStart.ErrorLines(run).Select(line => Path.GetFileName(line.Split(':')[0]))
        );
    }

    [Fact]
    public async Task What_is_included_is_found_from_the_file_that_names_it()
    {
        var workspace = new Workspace();
        workspace.Write(
            "deployer.yml",
            "file: {include: configuration/inner.yml}\nfolder: {include: ./more}\n" + ServiceYaml.Of("outer", "true")
        );
        workspace.Folder("more");
        workspace.Write("more/one.yml", ServiceYaml.Bare("one", $"token: {ServiceYaml.Token}, pwd: ../site", "pwd"));
        Place(workspace, "inner.yml", "inner");
        Place(workspace, "innermost.yml", "innermost");
        await File.AppendAllTextAsync(workspace.At("configuration", "inner.yml"), "again: {include: innermost.yml}\n");
        await using var server = await StartAsync(workspace);

        Assert.Equal(202, (await server.DeployAsync("outer")).Status);
        Assert.Equal(["configuration"], (await server.DeployAsync("inner")).Printed);
        Assert.Equal(["configuration"], (await server.DeployAsync("innermost")).Printed);
        Assert.Equal([workspace.Site], (await server.DeployAsync("one")).Printed);
    }

    [Fact]
    public async Task Services_may_share_by_anchors()
    {
        var workspace = new Workspace();
        workspace.Write(
            "deployer.yml",
            $"""
            x-shared: &shared
              token: {ServiceYaml.Token}
              pwd: site
            one:
              <<: *shared
              commands: [echo one]
            two:
              <<: *shared
              commands: [echo two]
            """
        );
        await using var server = await StartAsync(workspace);

        Assert.Equal(["one"], (await server.DeployAsync("one")).Printed);
        Assert.Equal(["two"], (await server.DeployAsync("two")).Printed);
    }

    /// <summary>A file with one service that prints the name of its folder, <c>configuration</c>.</summary>
    private static void Place(Workspace workspace, string file, string service)
    {
        workspace.Folder("configuration");
        workspace.Write(
            $"configuration/{file}",
            ServiceYaml.Bare(service, $"token: {ServiceYaml.Token}, pwd: .", "basename \"$PWD\"")
        );
    }

    private static Task<RunningServer> StartAsync(Workspace workspace, params string[] arguments) =>
        RunningServer.StartAsync(ServerStart.With(workspace, arguments));
}
