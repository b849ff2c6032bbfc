using System.Globalization;
using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>What the answer to a deployment that was waited for tells.</summary>
public abstract class DeployAnswerContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected override string Configuration =>
        ServiceYaml.Of("succeeds", "echo one", "echo two; echo three")
        + ServiceYaml.Of("says-who", "id -un")
        + "maps: {token: "
        + ServiceYaml.Token
        + ", pwd: site, commands: [{run: 'echo from a map'}]}\n"
        + ServiceYaml.Of("fails", "echo before", "printf seen; exit 3", "echo after >> fails.log")
        + ServiceYaml.Of("cannot-execute", "touch plain; ./plain")
        + ServiceYaml.Of("not-found", "no-such-command-anywhere --at-all")
        + ServiceYaml.Of("killed", "kill -9 $$")
        + ServiceYaml.Of("terminated", "echo 'last words'; kill -15 $$")
        + ServiceYaml.Of("child-killed", "sh -c 'kill -9 $$'")
        + ServiceYaml.Of("broken-syntax", "if true; then")
        + ServiceYaml.Bare("no-folder", $"token: {ServiceYaml.Token}, pwd: no/such/folder", "echo never")
        + ServiceYaml.Of("many-lines", "echo a\necho b\n");

    [Fact]
    public async Task A_success_carries_the_output_of_every_step_below_its_command()
    {
        var answer = await Server.DeployAsync("succeeds");

        Assert.Equal(202, answer.Status);
        Assert.StartsWith(" # Deployment started: succeeds\n", answer.Output, StringComparison.Ordinal);
        Assert.Equal(
            [" # Deployment started: succeeds", " > echo one", "one", " > echo two; echo three", "two", "three"],
            answer.OutputLines
        );
    }

    [Fact]
    public async Task A_success_carries_its_id_state_steps_and_time()
    {
        var answer = await Server.DeployAsync("succeeds");

        Assert.Equal("succeeded", answer.Json.GetProperty("status").GetString());
        Assert.InRange(answer.Json.GetProperty("durationMs").GetInt64(), 0, 30_000);
        Assert.Equal(
            [("echo one", "succeeded", 0), ("echo two; echo three", "succeeded", 0)],
            Steps(answer).Select(Summary)
        );
        Assert.All(
            Steps(answer),
            step =>
            {
                Assert.Equal(1, step.GetProperty("attempts").GetInt32());
                Assert.InRange(step.GetProperty("durationMs").GetInt64(), 0, 30_000);
                Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", step.GetProperty("startedAt").GetString());
            }
        );
    }

    [Fact]
    public async Task The_id_is_new_each_time_and_stands_in_a_header_too()
    {
        var first = await Server.DeployAsync("succeeds");
        var second = await Server.DeployAsync("fails");

        Assert.NotEqual(first.Header("X-Deployment-Id"), second.Header("X-Deployment-Id"));
        Assert.All(
            [first, second],
            answer =>
            {
                Assert.Equal(answer.Header("X-Deployment-Id"), answer.Json.GetProperty("id").GetString());
                Assert.Equal(7, Guid.Parse(answer.Header("X-Deployment-Id")!, CultureInfo.InvariantCulture).Version);
            }
        );
    }

    [Fact]
    public async Task A_header_says_as_whom_the_commands_run()
    {
        var answer = await Server.DeployAsync("says-who");

        Assert.Equal([answer.Header("X-Runs-As")!], answer.Printed);
    }

    [Fact]
    public async Task A_command_may_be_a_map_with_run()
    {
        var answer = await Server.DeployAsync("maps");

        Assert.Equal(202, answer.Status);
        Assert.Equal([" # Deployment started: maps", " > echo from a map", "from a map"], answer.OutputLines);
    }

    [Fact]
    public async Task A_command_may_have_many_lines()
    {
        var answer = await Server.DeployAsync("many-lines");

        Assert.Equal(202, answer.Status);
        Assert.EndsWith("\na\nb\n", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_fails_ends_the_deployment_and_says_so_below_what_it_printed()
    {
        const string sentence = "Command \"printf seen; exit 3\" failed with exit code 3";

        var answer = await Server.DeployAsync("fails");

        Assert.Equal(500, answer.Status);
        Assert.Equal("failed", answer.Json.GetProperty("status").GetString());
        Assert.Equal(
            [" # Deployment started: fails", " > echo before", "before", " > printf seen; exit 3", "seen", sentence],
            answer.OutputLines
        );
        Assert.Equal(
            [("echo before", "succeeded", 0), ("printf seen; exit 3", "failed", 3)],
            Steps(answer).Select(Summary)
        );
        Assert.Equal(sentence, Steps(answer)[1].GetProperty("message").GetString());
        Assert.Equal("", Server.Workspace.ReadSite("fails.log"));
        Assert.NotNull(answer.Header("X-Runs-As"));
    }

    [Theory]
    [InlineData("cannot-execute", "touch plain; ./plain", "failed with exit code 126")]
    [InlineData("not-found", "no-such-command-anywhere --at-all", "failed with exit code 127")]
    [InlineData("killed", "kill -9 $$", "SIGKILL")]
    [InlineData("terminated", "echo 'last words'; kill -15 $$", "SIGTERM")]
    [InlineData("child-killed", "sh -c 'kill -9 $$'", "SIGKILL")]
    [InlineData("broken-syntax", "if true; then", "failed with exit code 2")]
    [InlineData("no-folder", "echo never", "no/such/folder")]
    public async Task However_a_step_fails_a_sentence_tells_it(string service, string command, string told)
    {
        var answer = await Server.DeployAsync(service);

        Assert.Equal(500, answer.Status);
        Assert.Equal("failed", answer.Json.GetProperty("status").GetString());
        Assert.StartsWith($"Command \"{command}\" ", answer.OutputLines[^1], StringComparison.Ordinal);
        Assert.Contains(told, answer.OutputLines[^1], StringComparison.Ordinal);
        Assert.Equal(answer.OutputLines[^1], Steps(answer).Single().GetProperty("message").GetString());
        Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
    }

    private static JsonElement[] Steps(Answer answer) => [.. answer.Json.GetProperty("steps").EnumerateArray()];

    private static (string?, string?, int) Summary(JsonElement step) =>
        (
            step.GetProperty("command").GetString(),
            step.GetProperty("status").GetString(),
            step.GetProperty("exitCode").GetInt32()
        );
}
