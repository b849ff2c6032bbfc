using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>The commands that speak to a server, as a CI job runs them.</summary>
public sealed partial class ClientTests(SharedServer<StandaloneServer> shared)
    : HostContract<StandaloneServer>(shared),
        IClassFixture<SharedServer<StandaloneServer>>
{
    private const string SecondToken = "the-token-of-another-service";

    protected override string Configuration =>
        ServiceYaml.With("site", "vars: {tag: none}", "echo tag %tag%", "echo two")
        + ServiceYaml.Of("fails", "echo '::error::forged'; printf 'no end'; exit 3", "true")
        + ServiceYaml.With("never", "request_regexp: ^something$", "true")
        + ServiceYaml.Of("needy", "echo %tag%")
        + ServiceYaml.With("pushed", "vars: {branch: main, api_key: unseen}", "echo %tag% %branch% %api_key%")
        + ServiceYaml.With("versions", "vars: {tag: none}", "echo tag %tag%")
        + ServiceYaml.Of("other-versions", "true")
        + ServiceYaml.Of("stays", "touch stays.began; sleep 600")
        + ServiceYaml.Of("runs", "touch runs.began; sleep 600")
        + ServiceYaml.Bare("other", $"token: {SecondToken}, pwd: site", "true");

    [Fact]
    public async Task A_deployment_is_begun_and_followed_to_its_end()
    {
        var run = await ClientProgram.RunAsync(Server, "deploy", "site", "tag=it's v1");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [" # Deployment started: site", " > echo tag %tag%", "tag it's v1", "", " > echo two", "two"],
            run.Output.Lines
        );
        Assert.Matches("^Deployment succeeded after [0-9.]+ s$", run.Errors.Lines[^1]);
    }

    [Fact]
    public async Task A_failure_is_an_exit_code()
    {
        var run = await ClientProgram.RunAsync(Server, "deploy", "fails");

        Assert.Equal(ClientProgram.Failed, run.ExitCode);
        Assert.Contains("failed with exit code 3", run.Output.Lines[^1], StringComparison.Ordinal);
        Assert.StartsWith("Deployment failed", run.Errors.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cannot find service (404)", "deploy", "nothing-here")]
    [InlineData("Invalid auth token", "deploy", "other")]
    [InlineData("no such deployment (404)", "status", "01a20ae4-0000-7000-8000-000000000000")]
    [InlineData("no such deployment (404)", "log", "-f", "../services")]
    [InlineData("no such deployment (404)", "cancel", "x")]
    [InlineData("there is no service \"nothing-here\"", "live", "nothing-here")]
    [InlineData("Cannot find service (404)", "rollback", "nothing-here")]
    [InlineData("no such deployment of this service (404)", "rollback", "site", "01a20ae4-0000-7000-8000-000000000000")]
    [InlineData("\"status\" must be", "list", "--status", "strange")]
    [InlineData("\"tag\" must be NAME=VALUE", "deploy", "site", "tag")]
    [InlineData("use --token-file", "deploy", "site", "token=secret")]
    [InlineData("--server must be", "list", "--server", "ftp://example.org")]
    [InlineData("--patience must be", "deploy", "site", "--patience", "soon")]
    [InlineData("can't be read", "list", "--token-file", "/nowhere")]
    [InlineData("argument missing", "deploy")]
    [InlineData("--strange", "list", "--strange")]
    [InlineData("--allow-skip", "rerun", "x", "--allow-skip")]
    public async Task What_is_refused_is_told_in_one_line(string reason, params string[] arguments)
    {
        var run = await ClientProgram.RunAsync(Server, arguments);

        Assert.Equal(ClientProgram.Refused, run.ExitCode);
        Assert.Contains(reason, Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
        Assert.Empty(run.Output.Lines);
    }

    [Theory]
    [InlineData("deploy", "site")]
    [InlineData("list")]
    public async Task A_server_that_is_not_there_has_an_exit_code_of_its_own(params string[] arguments)
    {
        var run = await ProgramRun.ToEndAsync(
            ClientProgram.Start(Server.Workspace, new Uri("http://127.0.0.1:1"), [.. arguments, "--patience", "1ms"])
        );

        Assert.Equal(ClientProgram.NotReached, run.ExitCode);
        Assert.Contains("was not reached", Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("log")]
    public async Task An_id_may_be_shortened_or_be_the_latest(string command)
    {
        await ClientProgram.RunAsync(Server, "deploy", "site", "tag=v1");
        var id = (await ClientProgram.RunAsync(Server, "deploy", "site", "--no-wait")).Output.Text;
        await Server.EndOfAsync(id);
        await ClientProgram.RunAsync(Server, "deploy", "fails");

        var whole = await ClientProgram.RunAsync(Server, command, id);
        var begun = await ClientProgram.RunAsync(Server, command, id[..^1].ToUpperInvariant());
        var latest = await ClientProgram.RunAsync(Server, command, "latest", "--service", "site");
        var other = await ClientProgram.RunAsync(Server, command, "latest");
        var several = await ClientProgram.RunAsync(Server, command, id[..4]);
        var none = await ClientProgram.RunAsync(Server, command, "latest", "--service", "nope");

        Assert.Equal(
            (whole.Output.Text, whole.Output.Text, 0),
            (begun.Output.Text, latest.Output.Text, whole.ExitCode)
        );
        Assert.Contains("fails", other.Output.Text, StringComparison.Ordinal);
        Assert.Equal((ClientProgram.Refused, ClientProgram.Refused), (several.ExitCode, none.ExitCode));
        Assert.Contains("several deployments begin so", Assert.Single(several.Errors.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_latest_can_be_stopped_and_repeated()
    {
        await ClientProgram.RunAsync(Server, "deploy", "stays", "--no-wait");
        await Server.Workspace.SiteHasAsync("stays.began");

        var cancel = await ClientProgram.RunAsync(Server, "cancel", "latest", "--service", "stays");
        var again = await ClientProgram.RunAsync(Server, "rerun", "latest", "--service", "site", "--no-wait");

        Assert.Matches("^Deployment [0-9a-f-]{36} is being cancelled$", cancel.Output.Text);
        Assert.Matches("^[0-9a-f-]{36}$", again.Output.Text);
        Assert.Equal((0, 0), (cancel.ExitCode, again.ExitCode));
    }

    [Fact]
    public async Task A_service_that_there_is_not_is_told_with_the_nearest()
    {
        var run = await ClientProgram.RunAsync(Server, "list", "--service", "nedy");

        Assert.Equal(ClientProgram.Refused, run.ExitCode);
        Assert.Equal(
            "thin-deployer: There is no such service; did you mean \"needy\"? (404)",
            Assert.Single(run.Errors.Lines)
        );
    }

    [Fact]
    public async Task It_goes_back_and_tells_what_is_live()
    {
        var first = await DeployedAsync("v1");
        await DeployedAsync("v2");

        var back = await ClientProgram.RunAsync(Server, "rollback", "versions");
        var more = await ClientProgram.RunAsync(Server, "rollback", "versions");
        var chosen = await ClientProgram.RunAsync(Server, "rollback", "versions", first[..32], "--no-wait");
        var live = await ClientProgram.RunAsync(Server, "live", "versions");
        var json = Json(await ClientProgram.RunAsync(Server, "live", "versions", "--json"));
        var all = await ClientProgram.RunAsync(Server, "live");
        var status = await ClientProgram.RunAsync(Server, "status", chosen.Output.Text);

        Assert.Equal([" # Deployment started: versions", " > echo tag %tag%", "tag v1"], back.Output.Lines);
        Assert.Equal((0, ClientProgram.Refused, 0), (back.ExitCode, more.ExitCode, chosen.ExitCode));
        Assert.Contains("nothing to go back to", more.Errors.Text, StringComparison.Ordinal);
        Assert.Matches(
            $"^SERVICE +VALUES +SINCE +WHO +ID +BACK TO\nversions +tag=v1 +20[^ ]+Z +[0-9a-f-]{{36}} +{first}$",
            live.Output.Text
        );
        Assert.Equal(first, json.GetProperty("live").GetProperty("rollbackTo").GetString());
        Assert.Contains("other-versions", all.Output.Text, StringComparison.Ordinal);
        Assert.Contains("never deployed", all.Output.Text, StringComparison.Ordinal);
        Assert.Contains($"  back to: {first}", status.Output.Lines);

        async Task<string> DeployedAsync(string tag) =>
            (await Server.DeployAsync($"versions?tag={tag}")).Json.GetProperty("id").GetString()!;
    }

    [Fact]
    public async Task What_a_deployment_is_of_is_shown()
    {
        using var body = new StringContent(
            """{"ref": "refs/heads/main", "after": "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c", "sender": {"login": "ada"}}""",
            System.Text.Encoding.UTF8,
            "application/json"
        );
        var answer = await Server.SendAsync(
            HttpMethod.Post,
            "/deploy/pushed?tag=v1",
            body,
            ("X-Auth-Token", ServiceYaml.Token),
            ("X-GitHub-Event", "push")
        );

        var status = await ClientProgram.RunAsync(Server, "status", answer.Json.GetProperty("id").GetString()!);
        var list = await ClientProgram.RunAsync(Server, "list", "--service", "pushed");

        Assert.Equal(
            [
                "  ref: main",
                "  commit: 0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c",
                "  actor: ada",
                "  values: api_key=*** branch=main tag=v1",
            ],
            status.Output.Lines.Skip(1).Take(4)
        );
        Assert.Matches(
            " WHO +REF +COMMIT +ACTOR +VALUES\n.* main +0d1a26e67d8f +ada +api_key=\\*\\*\\* branch=main tag=v1$",
            list.Output.Text
        );
    }

    [Theory]
    [InlineData(ClientProgram.Skipped)]
    [InlineData(ClientProgram.Skipped, "--no-wait")]
    [InlineData(0, "--allow-skip")]
    public async Task What_the_rules_do_not_want_has_an_exit_code_of_its_own(int code, params string[] switches)
    {
        var run = await ClientProgram.RunAsync(Server, ["deploy", "never", .. switches]);

        Assert.Equal(code, run.ExitCode);
        Assert.Equal("Nothing to deploy: request_regexp", Assert.Single(run.Errors.Lines));
        Assert.Empty(run.Output.Lines);
    }

    [Fact]
    public async Task As_json_it_has_the_reason_too()
    {
        var run = await ClientProgram.RunAsync(Server, "deploy", "never", "--json");

        Assert.Equal(ClientProgram.Skipped, run.ExitCode);
        Assert.Equal("request_regexp", Json(run).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("[]", "deploy", "site")]
    [InlineData("null", "deploy", "site")]
    [InlineData("{}", "deploy", "site")]
    [InlineData("<html>", "deploy", "site")]
    [InlineData("{}", "list")]
    [InlineData("{}", "status", "x")]
    [InlineData("{}", "cancel", "x")]
    public async Task An_answer_that_is_none_of_ours_is_told_in_one_line(string body, params string[] arguments)
    {
        await using var other = await StandInServer.StartAsync(context => context.Response.WriteAsync(body));

        var run = await ProgramRun.ToEndAsync(ClientProgram.Start(Server.Workspace, other.Address, arguments));

        Assert.Equal(ClientProgram.Refused, run.ExitCode);
        Assert.Contains("not what a Thin Deployer says", Assert.Single(run.Errors.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_argument_is_told_at_once_and_later()
    {
        var run = await ClientProgram.RunAsync(Server, "deploy", "needy", "tga=v1");
        var id = run.Errors.Lines[0].Split(' ')[1];
        var status = await ClientProgram.RunAsync(Server, "status", id);

        string[] warnings =
        [
            "Warning: %tag% has no value, and stays as written",
            "Warning: the argument \"tga\" has no effect",
        ];
        Assert.Equal(warnings, run.Errors.Lines.Skip(1).SkipLast(1));
        Assert.Equal(warnings, status.Output.Lines.Skip(2));
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task The_token_may_stand_in_a_file()
    {
        var file = Server.Workspace.Write("token.txt", $"\n{SecondToken}\r\nmore\n");

        var run = await ClientProgram.RunAsync(Server, "deploy", "other", "--token-file", file);

        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task A_deployment_that_is_not_waited_for_can_be_looked_at_stopped_and_repeated()
    {
        var begun = await ClientProgram.RunAsync(Server, "deploy", "runs", "--no-wait");
        var id = Assert.Single(begun.Output.Lines);
        await Server.Workspace.SiteHasAsync("runs.began");

        var status = await ClientProgram.RunAsync(Server, "status", id);
        var cancel = await ClientProgram.RunAsync(Server, "cancel", id);
        var log = await ClientProgram.RunAsync(Server, "log", id, "--follow");
        var late = await ClientProgram.RunAsync(Server, "cancel", id);
        var again = await ClientProgram.RunAsync(Server, "rerun", id, "--no-wait", "--json");
        var list = await ClientProgram.RunAsync(Server, "list", "--service", "runs", "--limit", "2");
        await ClientProgram.RunAsync(Server, "cancel", Json(again).GetProperty("id").GetString()!);

        Assert.Equal("Deployment cancelled by 127.0.0.1", log.Errors.Lines[^1].Split(" after ")[0]);
        Assert.Equal("runs running", status.Output.Lines[0]);
        Assert.Equal((0, 0, 0), (begun.ExitCode, status.ExitCode, cancel.ExitCode));
        Assert.Contains("cancelled", log.Output.Text, StringComparison.Ordinal);
        Assert.Equal((0, ClientProgram.Refused), (log.ExitCode, late.ExitCode));
        Assert.Matches(
            $"^ID +SERVICE +STATUS +ACCEPTED +TOOK +WHO\n[^ ]+ +runs +running[^\n]+\n{id} +runs +cancelled",
            list.Output.Text
        );
    }

    [Fact]
    public async Task As_json_standard_output_is_one_document()
    {
        var deploy = Json(await ClientProgram.RunAsync(Server, "deploy", "site", "--json"));
        var id = deploy.GetProperty("id").GetString()!;
        var status = Json(await ClientProgram.RunAsync(Server, "status", id, "--json"));
        var list = Json(await ClientProgram.RunAsync(Server, "list", "--json", "--limit", "1"));

        Assert.Equal("succeeded", deploy.GetProperty("status").GetString());
        Assert.Equal(deploy.ToString(), status.ToString());
        Assert.Equal(1, list.GetProperty("deployments").GetArrayLength());
    }

    [Fact]
    public async Task GitHub_Actions_folds_the_steps_and_no_output_can_speak_to_it()
    {
        var start = ClientProgram.Start(Server.Workspace, Server.Address, "deploy", "fails");
        var run = await ProgramRun.ToEndAsync(
            start with
            {
                Settings = new Dictionary<string, string>(start.Settings) { ["GITHUB_ACTIONS"] = "true" },
            }
        );

        var lines = run.Output.Lines.Select(line => Secret.Replace(line, "SECRET"));
        Assert.Equal(
            [
                "::stop-commands::SECRET",
                " # Deployment started: fails",
                "::SECRET::",
                "::group::echo '::error::forged'; printf 'no end'; exit 3",
                "::stop-commands::SECRET",
                " > echo '::error::forged'; printf 'no end'; exit 3",
                "::error::forged",
                "no end",
                "Command \"echo '::error::forged'; printf 'no end'; exit 3\" failed with exit code 3",
                "::SECRET::",
                "::endgroup::",
                "::error::Command \"echo '::error::forged'; printf 'no end'; exit 3\" failed with exit code 3",
                "::stop-commands::SECRET",
                "::SECRET::",
            ],
            lines.SkipLast(1)
        );
        Assert.StartsWith("::error::Deployment failed after", lines.Last(), StringComparison.Ordinal);
    }

    private static JsonElement Json(ProgramRun run)
    {
        using var document = JsonDocument.Parse(run.Output.Text);
        return document.RootElement.Clone();
    }

    [GeneratedRegex("[0-9a-f]{32}", RegexOptions.None, 1_000)]
    private static partial Regex Secret { get; }
}
