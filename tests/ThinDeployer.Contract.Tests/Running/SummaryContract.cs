using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>What steps write to <c>DEPLOYMENT_SUMMARY_FILE</c> is what their deployment is remembered by.</summary>
public abstract class SummaryContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string SecretText = "a-secret-key-of-the-service";

    /// <summary>Every Debian has it.</summary>
    private const string User = "daemon";

    private const string File = "\"$DEPLOYMENT_SUMMARY_FILE\"";

    protected override string Configuration =>
        ServiceYaml.Of("two", $"echo released 1.2 >> {File}", "echo prints", $"echo '**well** tested' >> {File}")
        + ServiceYaml.With(
            "back",
            $"on_failure: [{ServiceYaml.Quoted($"echo went back >> {File}")}]",
            $"echo tried >> {File}; exit 3"
        )
        + ServiceYaml.With("late", "timeout: 500ms", $"echo so far >> {File}; sleep 600")
        + ServiceYaml.Of("stopped", $"echo so far >> {File}; touch stopped.began; sleep 600")
        + ServiceYaml.Of("nothing", "echo prints")
        + ServiceYaml.Of("long", $"head -c 70000 /dev/zero | tr '\\0' x >> {File}")
        + ServiceYaml.With(
            "masked",
            $"environment: {{KEY: {{secret: {SecretText}}}}}",
            $"printf 'key %s\\033[0m\\377\\n' \"$KEY\" >> {File}"
        )
        + ServiceYaml.Of("again", $"cat {File}; echo once >> {File}")
        + ServiceYaml.Of("link", $"echo not a summary > other; ln -s \"$PWD/other\" {File}")
        + ServiceYaml.Of("loop", $"ln -s {File} {File}")
        + ServiceYaml.Of("fifo", $"mkfifo {File}")
        + ServiceYaml.Of("folder", $"mkdir -p {File}/deeper; echo text > {File}/deeper/file; ln -s / {File}/root")
        + ServiceYaml.Of("sparse", $"truncate --size 1T {File}")
        + (
            Environment.UserName == "root"
                ? ServiceYaml.With(
                    "other",
                    $"run_as: {User}, on_success: [{{run: {ServiceYaml.Quoted($"echo by root >> {File}")}, run_as: root}}]",
                    $"echo by $(id -un) >> {File}; echo {File}; stat -c '%U %a' {File}",
                    $"echo twice >> {File}",
                    $"touch {File}.new || ln -sf /etc/passwd {File} || echo kept"
                )
                : ""
        );

    protected override void Prepare(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        System.IO.File.SetUnixFileMode(workspace.Root, (UnixFileMode)0b111_101_101);
    }

    [Fact]
    public async Task What_steps_write_stands_in_the_answer_and_wherever_the_deployment_does()
    {
        var answer = await Server.DeployAsync("two");

        const string summary = "released 1.2\n**well** tested\n";
        var id = answer.Json.GetProperty("id").GetString()!;
        await using var log = await Server.FollowAsync(id);
        Assert.Equal(summary, Summary(answer.Json));
        Assert.Equal(summary, await KeptAsync(answer));
        Assert.Equal(summary, Summary((await log.AllAsync())[^1].Data));
        var list = (await Server.AskAsync("/deployments?service=two")).Json.GetProperty("deployments");
        Assert.Null(Summary(list[0]));
        Assert.Equal(summary, Summary((await Server.AskAsync("/deployments/latest?service=two")).Json));
        Assert.Equal(summary, Summary((await Server.AskAsync($"/deployments/{id[..^1]}")).Json));
        NothingIsLeft();
    }

    [Fact]
    public async Task One_that_writes_nothing_has_none()
    {
        var answer = await Server.DeployAsync("nothing");

        Assert.Null(Summary(answer.Json));
        Assert.Null(await KeptAsync(answer));
        NothingIsLeft();
    }

    [Theory]
    [InlineData("back", "tried\nwent back\n")]
    [InlineData("late", "so far\n")]
    public async Task One_that_fails_has_one_too(string service, string expected)
    {
        var answer = await Server.DeployAsync(service);

        Assert.Equal(500, answer.Status);
        Assert.Equal(expected, await KeptAsync(answer));
        NothingIsLeft();
    }

    [Fact]
    public async Task One_that_is_cancelled_has_one_too()
    {
        var id = (await Server.DeployAtOnceAsync("stopped")).Json.GetProperty("id").GetString()!;
        await Server.Workspace.SiteHasAsync("stopped.began");

        await Server.ControlAsync($"{id}/cancel");

        Assert.Equal("so far\n", Summary(await Server.EndOfAsync(id)));
    }

    [Fact]
    public async Task Above_64_KiB_it_is_cut_and_says_so()
    {
        var answer = await Server.DeployAsync("long");

        Assert.Equal($"{new string('x', 65_536)}\n[… 4464 bytes left out here …]\n", await KeptAsync(answer));
    }

    [Fact]
    public async Task It_has_no_secret_and_is_text()
    {
        var answer = await Server.DeployAsync("masked");

        Assert.Equal("key ***[0m\uFFFD\n", await KeptAsync(answer));
    }

    [Fact]
    public async Task A_rerun_begins_with_an_empty_one()
    {
        var first = await Server.DeployAsync("again");

        var second = await Server.ControlAsync($"{first.Json.GetProperty("id").GetString()}/rerun");

        var id = second.Json.GetProperty("id").GetString()!;
        Assert.Equal("once\n", Summary(await Server.EndOfAsync(id)));
    }

    [Theory]
    [InlineData("link", null)]
    [InlineData("loop", null)]
    [InlineData("fifo", null)]
    [InlineData("folder", null)]
    [InlineData("sparse", "[… 1099511562240 bytes left out here …]\n")]
    public async Task What_is_no_file_of_its_own_is_passed_over_and_removed(string service, string? expected)
    {
        var answer = await Server.DeployAsync(service);

        Assert.Equal(202, answer.Status);
        Assert.Equal(expected, await KeptAsync(answer));
        NothingIsLeft();
    }

    [Fact]
    public async Task Where_the_folder_can_not_be_made_only_a_command_that_writes_one_fails()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("prints", "echo prints") + ServiceYaml.Of("writes", $"echo text >> {File}")
        );
        await System.IO.File.WriteAllTextAsync(Path.Join(server.Workspace.Data, "summaries"), "no folder");

        var prints = await server.DeployAsync("prints");
        var writes = await server.DeployAsync("writes");

        Assert.Equal((202, 500), (prints.Status, writes.Status));
        Assert.Contains("the-summary-file-could-not-be-made", writes.Output, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Another_user_has_a_file_of_its_own_and_can_not_put_anything_in_its_place()
    {
        var answer = await Server.DeployAsync("other");

        Assert.Equal($"{User} 600", answer.Printed[1]);
        Assert.Equal("kept", answer.Printed[^1]);
        Assert.Equal($"by {User}\ntwice\nby root\n", await KeptAsync(answer));
        Assert.False(Directory.Exists(Path.GetDirectoryName(answer.Printed[0])));
        NothingIsLeft();
    }

    private async Task<string?> KeptAsync(Answer answer) =>
        Summary((await Server.AskAsync($"/deployments/{answer.Json.GetProperty("id").GetString()}")).Json);

    private static string? Summary(JsonElement deployment) =>
        deployment.TryGetProperty("summary", out var summary) ? summary.GetString() : null;

    private void NothingIsLeft() =>
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Join(Server.Workspace.Data, "summaries")));
}
