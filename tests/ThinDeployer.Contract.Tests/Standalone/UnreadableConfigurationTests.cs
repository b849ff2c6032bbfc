using System.Diagnostics;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>Whatever lies where the configuration should be, the program ends soon and in plain words.</summary>
public sealed class UnreadableConfigurationTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("an alias bomb")]
    [InlineData("a deep list")]
    [InlineData("a deep map")]
    [InlineData("ten megabytes")]
    [InlineData("many nodes")]
    [InlineData("a NUL character")]
    public async Task A_monstrous_file_is_refused_soon_and_in_plain_words(string monster)
    {
        _workspace.Write("deployer.yml", Monster(monster));

        var run = await EndsAsync();

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.InRange(ServerStart.ErrorLines(run).Count, 1, 5);
        Assert.All(run.Errors.Lines, line => Assert.InRange(line.Length, 10, 500));
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_refused_at_the_place_where_it_is_none()
    {
        await File.WriteAllBytesAsync(_workspace.ConfigurationFile, [.. "site:\n  token: "u8, 0xFF]);

        var run = await EndsAsync();

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        var line = Assert.Single(ServerStart.ErrorLines(run));
        Assert.StartsWith($"{_workspace.ConfigurationFile}:2:10: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_named()
    {
        var run = await EndsAsync();

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        var line = Assert.Single(ServerStart.ErrorLines(run));
        Assert.StartsWith($"{_workspace.ConfigurationFile}:1:1: ", line, StringComparison.Ordinal);
        Assert.Contains("missing", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_a_file_is_not_waited_for()
    {
        using (var made = Process.Start("mkfifo", [_workspace.ConfigurationFile]))
        {
            await made.WaitForExitAsync();
        }

        var run = await EndsAsync();

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.Contains("pipe", Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
    }

    private Task<ProgramRun> EndsAsync(params string[] arguments) =>
        ServerStart.EndsAsync(_workspace, arguments).WaitAsync(Soon, TimeProvider.System);

    private static string Monster(string name) =>
        name switch
        {
            "an alias bomb" => AliasBomb(),
            "a deep list" => new string('[', 100_000),
            "a deep map" => string.Concat(Enumerable.Range(0, 1_000).Select(depth => $"{new string(' ', depth)}a:\n")),
            "ten megabytes" => "x-text: " + new string('x', 10 * 1024 * 1024),
            "many nodes" => $"x-list: [{string.Join(',', Enumerable.Range(0, 20_000))}]",
            "a NUL character" => "site: {token: \0}",
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };

    /// <summary>Each level stands for ten times the one before.</summary>
    private static string AliasBomb() =>
        "x-0: &a0 [b, o, o, m]\n"
        + string.Concat(
            Enumerable
                .Range(1, 40)
                .Select(level =>
                    $"x-{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n"
                )
        );
}
