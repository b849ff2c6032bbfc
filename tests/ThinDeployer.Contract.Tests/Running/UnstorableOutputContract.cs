using System.Diagnostics;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>A deployment ends as it ended, whether its output can be stored or not, and says what was lost.</summary>
public abstract class UnstorableOutputContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string HealthToken = "the-health-token-of-these-tests";

    protected override string Configuration =>
        ServiceYaml.Of("fails", "echo something", "echo more; exit 3")
        + ServiceYaml.Of("works", "echo something")
        + ServiceYaml.Of("waits", "echo one; touch began; until [ -e go ]; do sleep 0.02; done; echo two");

    private string Logs => Path.Join(Server.Workspace.Data, "logs");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string> { ["HC_TOKEN"] = HealthToken, ["HC_MAX_DISK_USAGE"] = "100" };

    [Fact]
    public async Task Where_nothing_can_be_stored_it_is_told_and_nothing_new_runs_until_it_can()
    {
        // It makes the folder anew, where another test has removed it.
        await Server.DeployAsync("works");
        Directory.Move(Logs, Logs + ".away");
        await File.WriteAllTextAsync(Logs, "no folder");

        var failed = await Server.DeployAsync("fails");
        var refused = await Server.DeployAsync("works");
        var sick = await HealthAsync();
        var kept = (await Server.AskAsync(failed.Header("Location")!)).Json;
        var log = await Server.AskAsync(failed.Header("Location") + "/log");
        File.Delete(Logs);
        var accepted = await Server.DeployAsync("works");
        var well = await HealthAsync();

        Assert.Equal((500, "failed"), (failed.Status, failed.Json.GetProperty("status").GetString()));
        Assert.StartsWith(
            " # Deployment started: fails\n > echo something\n\n[… 10 bytes could not be stored: ",
            failed.Output,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "Command \"echo more; exit 3\" failed with exit code 3\n",
            failed.Output,
            StringComparison.Ordinal
        );
        Assert.Equal(failed.Output, log.Text);
        Assert.Equal(15, kept.GetProperty("outputCutBytes").GetInt64());
        Assert.Equal(503, refused.Status);
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.Equal(500, sick.Status);
        Assert.Contains("\"checker\":\"output\"", sick.Text, StringComparison.Ordinal);
        Assert.Equal(["something"], accepted.Printed);
        Assert.Equal(200, well.Status);
    }

    [Fact]
    public async Task A_folder_that_is_removed_meanwhile_is_made_anew_and_takes_nothing_along()
    {
        var running = await BeginAsync();

        Directory.Delete(Logs, recursive: true);
        Server.Workspace.TouchSite("go");
        var answer = await running;

        Assert.Equal(202, answer.Status);
        Assert.Equal(["one", "two"], answer.Printed);
    }

    [Fact]
    public async Task A_data_folder_that_disappears_is_noticed_and_nothing_is_lost_when_it_is_back()
    {
        var running = await BeginAsync();

        Directory.Move(Server.Workspace.Data, Server.Workspace.Data + ".away");
        await IsReadyAsync(503);
        var refused = await Server.DeployAsync("works");
        var sick = await HealthAsync();
        Server.Workspace.TouchSite("go");
        Directory.Move(Server.Workspace.Data + ".away", Server.Workspace.Data);
        var answer = await running;
        await IsReadyAsync(204);
        var accepted = await Server.DeployAsync("works");

        Assert.Equal(503, refused.Status);
        Assert.Contains("it was removed or replaced", sick.Text, StringComparison.Ordinal);
        Assert.Equal(["one", "two"], answer.Printed);
        Assert.Equal((202, 202, 200), (answer.Status, accepted.Status, (await HealthAsync()).Status));
    }

    [Fact]
    public async Task A_record_that_disappears_alone_keeps_the_server_unready_until_it_is_back()
    {
        var file = Path.Join(Server.Workspace.Data, "deployments.db");

        File.Move(file, file + ".away");
        await IsReadyAsync(503);
        var sick = await HealthAsync();
        var since = Stopwatch.StartNew();
        while (since.Elapsed < TimeSpan.FromSeconds(2))
        {
            Assert.Equal(503, (await Server.GetAsync("/technical/ready")).Status);
        }

        File.Move(file + ".away", file);
        await IsReadyAsync(204);
        var accepted = await Server.DeployAsync("works");

        Assert.Contains("\"checker\":\"record\"", sick.Text, StringComparison.Ordinal);
        Assert.Equal(202, accepted.Status);
    }

    private Task IsReadyAsync(int status) =>
        Eventually.IsTrueAsync(
            async () => (await Server.GetAsync("/technical/ready")).Status,
            status,
            "the server notices"
        );

    private async Task<Task<Answer>> BeginAsync()
    {
        File.Delete(Server.Workspace.At("site", "began"));
        File.Delete(Server.Workspace.At("site", "go"));
        var running = Server.DeployAsync("waits");
        await Server.Workspace.SiteHasAsync("began");
        var begun = (await Server.AskAsync("/deployments/latest?service=waits")).Json.GetProperty("id").GetString();
        // It was printed, but may not be read yet on a busy machine.
        await Eventually.IsTrueAsync(
            async () =>
                (await Server.AskAsync($"/deployments/{begun}/log")).Text.EndsWith("\none\n", StringComparison.Ordinal)
                    ? 1
                    : 0,
            1,
            "what was printed is stored"
        );
        return running;
    }

    private Task<Answer> HealthAsync() => Server.GetAsync("/technical/healthcheck", ("X-Auth-Token", HealthToken));
}
