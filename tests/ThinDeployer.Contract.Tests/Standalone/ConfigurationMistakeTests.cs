using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>A configuration that can't be used ends the program at its start, and says all that is wrong.</summary>
public sealed class ConfigurationMistakeTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Every_mistake_is_told_with_its_place_and_service()
    {
        _workspace.Write(
            "deployer.yml",
            """
            one:
              token: the-token-of-these-tests
              pwd: site
              comands: [ls]
            two:
              pwd: site
              commands: []
              token: ''
            three:
              token: [a-token-of-three]
              commands: ls
              request_regexp: '('
              vars: [a]
            four: just a text
            """
        );

        var run = await EndsAsync();

        var file = _workspace.ConfigurationFile;
        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        AssertTold(run, $"{file}:4:3: one: ", "comands", "commands");
        AssertTold(run, $"{file}:", ": one: ", "\"commands\" is missing");
        AssertTold(run, $"{file}:7:13: two: ", "\"commands\"");
        AssertTold(run, $"{file}:8:10: two: ", "token");
        AssertTold(run, $"{file}:10:3: three: ", "\"pwd\"");
        AssertTold(run, $"{file}:11:13: three: ", "\"commands\"");
        AssertTold(run, $"{file}:12:19: three: ", "\"request_regexp\"");
        AssertTold(run, $"{file}:13:9: three: ", "\"vars\"");
        AssertTold(run, $"{file}:14:1: four: ", "map");
        Assert.All(run.Errors.Lines, line => Assert.StartsWith(file, line, StringComparison.Ordinal));
        Assert.DoesNotContain("a-token-of-three", run.Errors.Text, StringComparison.Ordinal);
        Assert.Empty(run.Output.Lines);
    }

    [Theory]
    [InlineData("site: {token: t, pwd: site, commands: [ls], locks: a}", "1:45: site: ")]
    [InlineData("site: {pwd: site, commands: [ls]}", "1:7: site: ")]
    [InlineData("site: {token_file: none.txt, pwd: site, commands: [ls]}", "1:20: site: ")]
    [InlineData("site: {token: t, pwd: site, commands: [ls]}\nsite: {token: t, pwd: site, commands: [ls]}", "2:1: ")]
    [InlineData("site: {token: t, token: t, pwd: site, commands: [ls]}", "1:18: ")]
    [InlineData("site: {token: !!str t, pwd: site, commands: [ls]}", "1:15: ")]
    [InlineData("site: {token: '${NO_SUCH_VARIABLE}', pwd: site, commands: [ls]}", "1:15: site: ")]
    [InlineData("site: {token: 'sha256:12', pwd: site, commands: [ls]}", "1:15: site: ")]
    [InlineData("'a b': {token: t, pwd: site, commands: [ls]}", "1:1: a b: ")]
    [InlineData("site: {token: t, pwd: site, commands: [ls], environment: {HC_TOKEN: x}}", "1:59: site: ")]
    [InlineData("site: {token: t, pwd: site, commands: [ls], use_notification: perhaps}", "1:63: site: ")]
    [InlineData("site: {token: t, pwd: site, commands: ['']}", "1:40: site: ")]
    [InlineData("site: {token: t, pwd: site, commands: [ls]\nother: x", "2:")]
    [InlineData("\tsite: x", "1:")]
    [InlineData("- a list", "1:1: ")]
    [InlineData("", "1:1: ")]
    [InlineData("# nothing but a comment\n", "1:1: ")]
    [InlineData("x-only: {a: b}", "1:1: ")]
    public async Task A_mistake_is_told_in_one_line_with_its_place(string yaml, string place)
    {
        _workspace.Write("deployer.yml", yaml);

        var run = await EndsAsync();

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        var line = Assert.Single(ServerStart.ErrorLines(run));
        Assert.StartsWith($"{_workspace.ConfigurationFile}:{place}", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_configuration_file_is_named()
    {
        var folder = _workspace.Folder("configuration");
        await File.WriteAllTextAsync(Path.Combine(folder, "deployer.txt"), ServiceYaml.Of("site", "true"));

        var run = await EndsAsync("--configuration", folder);

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.Contains(folder, Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_in_two_files_of_a_folder_is_a_mistake_that_names_both()
    {
        var folder = _workspace.Folder("configuration");
        await File.WriteAllTextAsync(Path.Combine(folder, "a.yml"), ServiceYaml.Of("site", "true"));
        await File.WriteAllTextAsync(Path.Combine(folder, "b.yaml"), ServiceYaml.Of("site", "true"));

        var run = await EndsAsync("--configuration", folder);

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        var line = Assert.Single(ServerStart.ErrorLines(run));
        Assert.StartsWith(Path.Combine(folder, "b.yaml") + ":1:1: site: ", line, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(folder, "a.yml"), line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deployer.yml")]
    [InlineData("other.yml")]
    [InlineData(".")]
    public async Task Files_that_include_each_other_are_a_mistake(string included)
    {
        _workspace.Write("deployer.yml", $"more: {{include: {included}}}");
        _workspace.Write("other.yml", "more: {include: deployer.yml}");

        var run = await EndsAsync();

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.Contains("includes itself", run.Errors.Text, StringComparison.Ordinal);
        Assert.InRange(ServerStart.ErrorLines(run).Count, 1, 5);
    }

    [Theory]
    [InlineData("more: {include: none.yml}", "none.yml")]
    [InlineData("more: {include: ''}", "include")]
    [InlineData("more: {include: other.yml, token: t}", "token")]
    public async Task A_wrong_include_is_a_mistake(string yaml, string named)
    {
        _workspace.Write("deployer.yml", yaml);
        _workspace.Write("other.yml", ServiceYaml.Of("site", "true"));

        var run = await EndsAsync();

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.Contains(named, Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
    }

    private Task<ProgramRun> EndsAsync(params string[] arguments) =>
        ServerStart.EndsAsync(_workspace, arguments).WaitAsync(Soon, TimeProvider.System);

    private static void AssertTold(ProgramRun run, params string[] parts) =>
        Assert.Single(
            ServerStart.ErrorLines(run),
            line => parts.All(part => line.Contains(part, StringComparison.Ordinal))
        );
}
