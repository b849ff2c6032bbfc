using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>What the hooks of a deployment did can be seen wherever the deployment can.</summary>
public abstract class HookContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string HealthToken = "the-token-of-the-health-check";

    protected override string Configuration =>
        ServiceYaml.With("lost", "on_failure: [echo back, 'exit 7', echo never]", "exit 3")
        + ServiceYaml.With("tolerant", "on_failure: [{run: 'exit 7', continue_on_error: true}]", "exit 3")
        + ServiceYaml.With("tidy", "on_success: ['exit 5']", "true")
        + ServiceYaml.With("mended", "on_failure: ['[ -e mended.back ]']", "[ -e mended.good ]")
        + ServiceYaml.With("stopped", "on_failure: ['touch stopped.began; sleep 600']", "exit 3")
        + ServiceYaml.Of("bare", "exit 3");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string>
        {
            ["HC_TOKEN"] = HealthToken,
            ["HC_MAX_DISK_USAGE"] = "100",
            ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = Workspace.HomeLog,
        };

    [Fact]
    public async Task Their_steps_are_in_the_answer_and_the_record()
    {
        var answer = await Server.DeployAsync("lost");

        var deployment = await FindAsync(answer);
        Assert.Single(deployment.GetProperty("steps").EnumerateArray());
        Assert.Equal(answer.Json.GetProperty("hooks").ToString(), deployment.GetProperty("hooks").ToString());
        Assert.Equal(
            ["on_failure echo back succeeded 0", "on_failure exit 7 failed 7"],
            Hooks(deployment).Select(Described)
        );
        Assert.Equal(
            "Command \"exit 7\" failed with exit code 7",
            Hooks(deployment)[1].GetProperty("message").GetString()
        );
    }

    [Fact]
    public async Task Without_any_there_is_no_such_member()
    {
        var answer = await Server.DeployAsync("bare");

        Assert.False(answer.Json.TryGetProperty("hooks", out _));
        Assert.False((await FindAsync(answer)).TryGetProperty("hooks", out _));
    }

    [Fact]
    public async Task Who_follows_the_log_sees_them_begin_and_end_live_and_later()
    {
        var id = (await Server.DeployAtOnceAsync("lost")).Json.GetProperty("id").GetString()!;

        await using var live = await Server.FollowAsync(id);
        var lively = await live.AllAsync();
        await using var late = await Server.FollowAsync(id);
        var lately = await late.AllAsync();

        string[] expected =
        [
            " exit 3 running",
            " exit 3 failed 3",
            "on_failure echo back running",
            "on_failure echo back succeeded 0",
            "on_failure exit 7 running",
            "on_failure exit 7 failed 7",
        ];
        Assert.Equal(expected, Steps(lively));
        Assert.Equal(expected, Steps(lately));
        Assert.Equal(
            lively.Where(next => next.Type != "output").Select(next => next.Id),
            lately.Where(next => next.Type != "output").Select(next => next.Id)
        );
    }

    [Fact]
    public async Task While_one_runs_it_is_among_the_hooks()
    {
        var id = (await Server.DeployAtOnceAsync("stopped")).Json.GetProperty("id").GetString()!;
        await Server.Workspace.SiteHasAsync("stopped.began");

        var running = (await Server.AskAsync($"/deployments/{id}")).Json;
        await Server.ControlAsync($"{id}/cancel");
        var end = await Server.EndOfAsync(id);

        Assert.Equal("on_failure touch stopped.began; sleep 600 running", Described(Hooks(running).Single()));
        Assert.Single(running.GetProperty("steps").EnumerateArray());
        Assert.Equal("cancelled", Hooks(end).Single().GetProperty("status").GetString());
        Assert.Contains($"stopped: the rollback of deployment {id} did not succeed", await FailedRollbacksAsync());
    }

    [Fact]
    public async Task One_that_fails_is_a_warning_in_the_log()
    {
        var lost = await Server.DeployAsync("lost");
        var tidy = await Server.DeployAsync("tidy");
        var tolerant = await Server.DeployAsync("tolerant");

        List<string> warnings = [];
        await Eventually.IsTrueAsync(
            () =>
            {
                // Written by a thread of its own, a little after the answer.
                warnings =
                [
                    .. Server
                        .Workspace.ReadHomeLog()
                        .Split('\n')
                        .Where(line => line.Contains(" WARN ", StringComparison.Ordinal)),
                ];
                return warnings.Any(line => Names(line, lost, "lost", "on_failure", "exit code 7"))
                    && warnings.Any(line => Names(line, tidy, "tidy", "on_success", "exit code 5"));
            },
            "both failed hooks are warned of"
        );
        Assert.DoesNotContain(warnings, line => Names(line, tolerant, "on_failure"));
    }

    [Fact]
    public async Task A_service_whose_last_rollback_failed_fails_the_health_check_until_one_goes_well()
    {
        var seen = new List<string?>();
        foreach (var made in (string[])["", "mended.back", "", "mended.good"])
        {
            if (made.Length > 0)
            {
                Server.Workspace.TouchSite(made);
            }
            else
            {
                File.Delete(Server.Workspace.At("site", "mended.back"));
            }

            var answer = await Server.DeployAsync("mended");
            var named = (await FailedRollbacksAsync()).Contains(answer.Json.GetProperty("id").GetString()!);
            seen.Add($"{answer.Json.GetProperty("status").GetString()} {named}");
            Assert.Equal(named, (await FailedRollbacksAsync()).Contains("mended: ", StringComparison.Ordinal));
        }

        Assert.Equal(["failed True", "failed False", "failed True", "succeeded False"], seen);
    }

    [Fact]
    public async Task What_may_fail_or_comes_after_a_success_is_no_failed_rollback()
    {
        await Server.DeployAsync("tidy");
        await Server.DeployAsync("tolerant");
        await Server.DeployAsync("bare");

        var output = await FailedRollbacksAsync();

        Assert.All(["tidy", "tolerant", "bare"], name => Assert.DoesNotContain(name, output, StringComparison.Ordinal));
    }

    /// <summary>Empty while there is no such check, because all is well.</summary>
    private async Task<string> FailedRollbacksAsync()
    {
        var answer = await Server.GetAsync("/technical/healthcheck", ("X-Auth-Token", HealthToken));
        var check = answer
            .Json.GetProperty("results")
            .EnumerateArray()
            .SingleOrDefault(result => result.GetProperty("checker").GetString() == "rollbacks");
        if (check.ValueKind is JsonValueKind.Undefined)
        {
            return "";
        }

        Assert.Equal(500, answer.Status);
        Assert.False(check.GetProperty("passed").GetBoolean());
        return check.GetProperty("output").GetString()!;
    }

    private async Task<JsonElement> FindAsync(Answer answer) =>
        (await Server.AskAsync($"/deployments/{answer.Json.GetProperty("id").GetString()}")).Json;

    private static JsonElement[] Hooks(JsonElement deployment) => [.. deployment.GetProperty("hooks").EnumerateArray()];

    private static IEnumerable<string> Steps(IReadOnlyList<LogEvent> events) =>
        events.Where(next => next.Type == "step").Select(next => Described(next.Data));

    private static string Described(JsonElement step)
    {
        var hook = step.TryGetProperty("hook", out var name) ? name.GetString() : "";
        var code = step.TryGetProperty("exitCode", out var number) ? $" {number.GetInt32()}" : "";
        return $"{hook} {step.GetProperty("command").GetString()} {step.GetProperty("status").GetString()}{code}";
    }

    private static bool Names(string line, Answer answer, params string[] parts) =>
        parts
            .Append(answer.Json.GetProperty("id").GetString()!)
            .All(part => line.Contains(part, StringComparison.Ordinal));
}
