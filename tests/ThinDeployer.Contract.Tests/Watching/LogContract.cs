using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>What the log tells, and what it must never tell.</summary>
public abstract class LogContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string HealthToken = "the-health-token-of-these-tests";

    protected override string Configuration => ServiceYaml.Of("site", "true");

    /// <summary>Some hosts have the console to themselves; then the file alone is ours.</summary>
    protected virtual bool LogsToConsole => true;

    private IReadOnlyList<string> Lines => LogsToConsole ? Server.Program.Output.Lines : LogFile().Split('\n');

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return new Dictionary<string, string>
        {
            ["HC_TOKEN"] = HealthToken,
            ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = workspace.At("server.log"),
        };
    }

    [Fact]
    public async Task No_token_is_logged_wherever_it_came_and_whether_or_not_it_was_right()
    {
        foreach (var token in new[] { ServiceYaml.Token, "a-wrong-token-that-somebody-tries" })
        {
            await Server.GetAsync($"/deploy/site?secretive=1&token={token}");
            await Server.GetAsync("/deploy/site", ("X-Auth-Token", token));
            await Server.GetAsync("/deploy/site", ("Authorization", $"Bearer {token}"));
            await Server.GetAsync($"/nothing-here?token={token}");
            using var form = new FormUrlEncodedContent([new("token", token)]);
            await Server.SendAsync(HttpMethod.Post, "/deploy/site", form);
        }

        await Server.GetAsync("/technical/healthcheck", ("X-Auth-Token", HealthToken));
        await Server.SendRawAsync(RawRequest.Get("/last-of-all"));
        await IsLoggedAsync("/last-of-all");

        Assert.DoesNotContain(ServiceYaml.Token, Log(), StringComparison.Ordinal);
        Assert.DoesNotContain("a-wrong-token", Log(), StringComparison.Ordinal);
        Assert.DoesNotContain(HealthToken, Log(), StringComparison.Ordinal);
        Assert.DoesNotContain("secretive", Log(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_request_is_one_line()
    {
        await Server.GetAsync("/one-line");
        await Server.GetAsync("/another-line");

        await IsLoggedAsync("/another-line");
        var line = Assert.Single(Lines, Names("/one-line"));
        Assert.Contains("GET", line, StringComparison.Ordinal);
        Assert.Contains("404", line, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/x%0A")]
    [InlineData("/x%0D%0A")]
    [InlineData("/x%E2%80%A8")]
    [InlineData("/x%C2%85")]
    [InlineData("/x%1B%5B2J")]
    [InlineData("/x%E2%80%AE")]
    [InlineData("/deploy/x%0A")]
    [InlineData("/deploy/x%1B%5D0;")]
    public async Task A_path_can_neither_forge_a_line_nor_speak_to_the_terminal(string path)
    {
        var forged = $"FORGED-{Guid.NewGuid():N}";

        await Server.SendRawAsync(RawRequest.Get(path + forged));

        await IsLoggedAsync(forged);
        var line = Assert.Single(Lines, Names(forged));
        Assert.Contains("GET /", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line, character => char.IsControl(character) || character is '\u2028' or '\u202E');
    }

    private static Predicate<string> Names(string word) => line => line.Contains(word, StringComparison.Ordinal);

    /// <summary>A line stands in the log soon after its answer, not before.</summary>
    private Task IsLoggedAsync(string word) =>
        Eventually.IsTrueAsync(
            () =>
                Lines.Any(line => line.Contains(word, StringComparison.Ordinal))
                && LogFile().Contains(word, StringComparison.Ordinal),
            $"{word} was logged"
        );

    /// <summary>Console and file.</summary>
    private string Log() => Server.Program.Transcript + LogFile();

    /// <summary>It is made with the first line.</summary>
    private string LogFile() =>
        Server.Workspace.At("server.log") is var file && File.Exists(file) ? File.ReadAllText(file) : "";
}
