using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>Users that a configuration names in vain.</summary>
public sealed class RunAsMistakeTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(
        "nobody-of-this-name",
        "1:60: site: \"run_as\" names \"nobody-of-this-name\", and there is no such user"
    )]
    [InlineData("1", "1:60: site: \"run_as\" names \"1\", and there is no such user")]
    [InlineData("''", "1:60: site: \"run_as\" is empty")]
    [InlineData("'${NOT_SET_ANYWHERE:-}'", "1:60: site: \"run_as\" is empty")]
    [InlineData("'${NOT_SET_ANYWHERE}'", "1:60: site: the environment variable \"NOT_SET_ANYWHERE\" is not set")]
    [InlineData("[daemon]", "1:60: site: \"run_as\" must be")]
    public async Task One_that_does_not_exist_is_a_mistake(string user, string mistake)
    {
        _workspace.Write("deployer.yml", Configuration(user));

        var run = await ServerStart.EndsAsync(_workspace);

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.Contains(mistake, Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_server_without_the_rights_of_root_says_so()
    {
        File.SetUnixFileMode(_workspace.Root, (UnixFileMode)0b111_101_101);
        _workspace.Write("deployer.yml", Configuration("daemon") + ServiceYaml.With("own", "run_as: nobody", "true"));

        var run = await ProgramRun.ToEndAsync(new ProgramStart(new ServerOfNobody(), _workspace));

        Assert.Equal(ServerStart.WrongConfiguration, run.ExitCode);
        Assert.Contains(
            "site: \"run_as\" needs a server that runs as root, and this one runs as nobody",
            Assert.Single(ServerStart.ErrorLines(run)),
            StringComparison.Ordinal
        );
    }

    private static string Configuration(string user) =>
        $"site: {{token: the-token-of-these-tests, pwd: site, run_as: {user}, commands: [ls]}}\n";

    private sealed class ServerOfNobody : IHostProgram
    {
        public string Path => "/usr/bin/setpriv";

        public IReadOnlyList<string> Arguments { get; } =
        ["--reuid=nobody", "--regid=nogroup", "--clear-groups", new StandaloneServer().Path];

        public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();
    }
}
