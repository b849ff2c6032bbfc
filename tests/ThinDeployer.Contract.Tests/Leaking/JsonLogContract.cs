using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Leaking;

/// <summary>The log for programs, and who may read the log file.</summary>
public abstract class JsonLogContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private string LogFile => Server.Workspace.At("logs", "server.log");

    protected override string Configuration =>
        ServiceYaml.Of("site", "echo \"$DEPLOYMENT_ID\"")
        + ServiceYaml.Bare("bad", $"token: {{ci: {ServiceYaml.Token}}}, pwd: site", "true", "exit 3");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return new Dictionary<string, string>
        {
            ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = workspace.At("logs", "server.log"),
            ["THIN_DEPLOYER_LOG_FORMAT"] = "json",
        };
    }

    [Fact]
    public async Task Each_line_is_an_object_with_what_its_message_is_made_of()
    {
        await Server.SendRawAsync(RawRequest.Get("/in-json%1B%5B2J%0A%C2%85%E2%80%AE"));

        var entry = await EntryAsync("/in-json");

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", entry.GetProperty("time").GetString());
        Assert.Equal("info", entry.GetProperty("level").GetString());
        Assert.StartsWith(
            "GET /in-json%1B%5B2J%0A%C2%85%E2%80%AE 404 for 127.0.0.1 in ",
            entry.GetProperty("message").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal("/in-json%1B%5B2J%0A%C2%85%E2%80%AE", entry.GetProperty("path").GetString());
        Assert.Equal(404, entry.GetProperty("status").GetInt32());
        Assert.Equal(
            ["time", "level", "message", "method", "path", "status", "address", "milliseconds"],
            entry.EnumerateObject().Select(member => member.Name)
        );
    }

    [Fact]
    public async Task Nothing_in_it_speaks_to_a_terminal()
    {
        await Server.SendRawAsync(RawRequest.Get("/to-a-terminal%1B%5B2J%7F%C2%9B%E2%80%AE"));
        await EntryAsync("/to-a-terminal");

        Assert.All(
            await File.ReadAllTextAsync(LogFile),
            character => Assert.True(character is '\n' or (>= ' ' and <= '~'), $"U+{(int)character:X4}")
        );
    }

    [Fact]
    public async Task A_deployment_is_told_with_its_facts()
    {
        var id = (await Server.DeployAsync("site")).Json.GetProperty("id").GetString()!;

        var entry = await EntryAsync($"{id} of site succeeded");

        Assert.Equal(id, entry.GetProperty("id").GetString());
        Assert.Equal("site", entry.GetProperty("service").GetString());
        Assert.Equal("succeeded", entry.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Number, entry.GetProperty("milliseconds").ValueKind);
    }

    [Fact]
    public async Task A_failed_one_has_its_step_by_name()
    {
        var id = (await Server.DeployAsync("bad")).Json.GetProperty("id").GetString()!;

        var entry = await EntryAsync($"{id} of bad failed");

        Assert.Equal("warn", entry.GetProperty("level").GetString());
        Assert.Equal(2, entry.GetProperty("step").GetInt32());
        Assert.Equal("exit 3", entry.GetProperty("command").GetString());
        Assert.Equal(3, entry.GetProperty("exitCode").GetInt32());
        Assert.Equal("ci", entry.GetProperty("who").GetString());
        Assert.False(entry.TryGetProperty("ref", out _));
    }

    [Fact]
    public async Task What_the_server_writes_is_its_owner_s_alone()
    {
        await Server.DeployAsync("site");

        string[] files = [LogFile, .. Directory.GetFiles(Server.Workspace.Data, "*", SearchOption.AllDirectories)];

        Assert.Contains(files, file => file.EndsWith("deployments.db-wal", StringComparison.Ordinal));
        Assert.Contains(files, file => Path.GetDirectoryName(file) == Path.Join(Server.Workspace.Data, "logs"));
        Assert.All(
            files,
            file => Assert.Equal((file, ModeOf(Path.GetFileName(file))), (file, File.GetUnixFileMode(file)))
        );
    }

    /// <summary>One of them is a program.</summary>
    private static UnixFileMode ModeOf(string name) =>
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | (name == "launch" ? UnixFileMode.UserExecute : UnixFileMode.None);

    private async Task<JsonElement> EntryAsync(string word)
    {
        await Eventually.IsTrueAsync(
            () => File.ReadAllText(LogFile).Contains(word, StringComparison.Ordinal),
            $"{word} was logged"
        );
        var lines = File.ReadAllText(LogFile).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var entries = lines.Select(line =>
        {
            using var entry = JsonDocument.Parse(line);
            return entry.RootElement.Clone();
        });
        return Assert.Single(entries, entry => entry.ToString().Contains(word, StringComparison.Ordinal));
    }
}
