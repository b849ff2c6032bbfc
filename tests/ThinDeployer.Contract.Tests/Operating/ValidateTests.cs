using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Operating;

/// <summary>What <c>validate</c> says of bad files, to the letter, and that it gives no secret away.</summary>
public sealed class ValidateTests : IDisposable
{
    /// <summary>It is in every token of the corpus.</summary>
    private const string Secret = "kept-secret";

    private static readonly string Corpus = Path.Combine(AppContext.BaseDirectory, "Corpus");

    private readonly Workspace _workspace = new();

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Corpus, "*.yml").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_bad_file_is_told_with_a_caret_below_each_place(string name)
    {
        File.Copy(Path.Combine(Corpus, $"{name}.yml"), _workspace.At($"{name}.yml"));
        File.SetUnixFileMode(_workspace.At($"{name}.yml"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var run = await ValidateAsync($"{name}.yml");

        var expected = await File.ReadAllLinesAsync(Path.Combine(Corpus, $"{name}.txt"));
        Assert.Equal(
            expected,
            run.Output.Lines.Select(line => line.Replace(_workspace.Root + "/", "", StringComparison.Ordinal))
        );
        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.DoesNotContain(Secret, run.Output.Text, StringComparison.Ordinal);
        Assert.Empty(run.Errors.Lines);
    }

    [Fact]
    public async Task Without_a_path_it_reads_what_the_server_would()
    {
        WriteGood();

        var run = await ValidateAsync();

        Assert.Equal((0, "good: 1 service"), (run.ExitCode, run.Output.Text));
    }

    [Fact]
    public async Task A_switch_names_another_file()
    {
        var run = await ValidateAsync("--configuration", "missing.yml");

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.Contains("missing.yml:1:1: the file is missing", run.Output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0b110_100_100, 0b111_101_101, true)]
    [InlineData(0b110_100_100, 0b111_000_000, false)]
    [InlineData(0b110_100_000, 0b111_101_101, false)]
    public async Task A_token_that_everyone_may_read_is_a_warning(int mode, int folderMode, bool isWarning)
    {
        WriteGood();
        File.SetUnixFileMode(_workspace.ConfigurationFile, (UnixFileMode)mode);
        File.SetUnixFileMode(_workspace.Root, (UnixFileMode)folderMode);

        var run = await ValidateAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            isWarning,
            run.Output.Text.Contains("everybody on this machine may read", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(ServiceYaml.Token, run.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_it_is_an_array_with_the_places()
    {
        _workspace.Write("deployer.yml", "shop: {token: kept-secret, pwd: ., comands: [ls]}\n");

        var run = await ValidateAsync("--json");

        using var document = JsonDocument.Parse(run.Output.Text);
        var last = document.RootElement.EnumerateArray().Last();
        Assert.Equal(
            ("mistake", _workspace.ConfigurationFile, 1, 36, "shop"),
            (
                last.GetProperty("severity").GetString(),
                last.GetProperty("file").GetString(),
                last.GetProperty("line").GetInt32(),
                last.GetProperty("column").GetInt32(),
                last.GetProperty("service").GetString()
            )
        );
        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
    }

    [Fact]
    public async Task A_misspelt_variable_is_a_warning()
    {
        WriteGood();

        var run = await ProgramRun.ToEndAsync(
            new ProgramStart(new BareServer(), _workspace)
            {
                Arguments = ["validate"],
                Settings = new Dictionary<string, string> { ["THIN_DEPLOYER_MAXBODY"] = "1MiB" },
            }
        );

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [
                "warning: there is no setting \"THIN_DEPLOYER_MAXBODY\", so it has no effect; did you mean "
                    + "\"THIN_DEPLOYER_MAX_BODY\"?",
                "good: 1 service, 1 warning",
            ],
            run.Output.Lines
        );
    }

    [Fact]
    public async Task A_switch_that_there_is_not_is_wrong_usage()
    {
        var run = await ValidateAsync("--strange");

        Assert.Equal(ServerStart.WrongUsage, run.ExitCode);
        Assert.Contains("--strange", Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HC_MAX_DISK_USAGE", "101", "validate")]
    [InlineData("HC_MAX_DISK_USAGE", "101", "explain", "site")]
    [InlineData("THIN_DEPLOYER_PORT", "65536", "validate")]
    [InlineData("THIN_DEPLOYER_LISTEN", "here", "validate")]
    [InlineData("THIN_DEPLOYER_LISTEN", "here", "explain", "site")]
    public async Task A_setting_with_which_the_server_would_not_start_is_wrong_usage(
        string variable,
        string value,
        params string[] arguments
    )
    {
        WriteGood();

        var run = await ProgramRun.ToEndAsync(
            new ProgramStart(new BareServer(), _workspace)
            {
                Arguments = arguments,
                Settings = new Dictionary<string, string> { [variable] = value },
            }
        );

        Assert.Equal(ServerStart.WrongUsage, run.ExitCode);
        Assert.Contains(variable, Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
    }

    private void WriteGood()
    {
        _workspace.Write("deployer.yml", ServiceYaml.Of("site", "true"));
        File.SetUnixFileMode(_workspace.ConfigurationFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private Task<ProgramRun> ValidateAsync(params string[] arguments) =>
        ProgramRun.ToEndAsync(
            new ProgramStart(new BareServer(), _workspace) { Arguments = ["validate", .. arguments] }
        );
}
