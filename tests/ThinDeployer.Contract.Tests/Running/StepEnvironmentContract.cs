using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>A step's environment is built, not inherited.</summary>
public abstract class StepEnvironmentContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string HealthToken = "the-health-token-of-these-tests";

    /// <summary>What is promised, and what a shell adds by itself.</summary>
    private static readonly string[] Promised =
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "LANG",
        "LC_ALL",
        "TZ",
        "SSH_AUTH_SOCK",
        "http_proxy",
        "HTTPS_PROXY",
        "no_proxy",
        "DEPLOYMENT_ID",
        "DEPLOYMENT_SERVICE",
        "DEPLOYMENT_PAYLOAD_FILE",
        "DEPLOYMENT_SUMMARY_FILE",
        "THIN_DEPLOYER_STEP",
        "PWD",
        "OLDPWD",
        "SHLVL",
        "_",
    ];

    protected override string Configuration =>
        ServiceYaml.Of("plain", "env")
        + ServiceYaml.With(
            "sets",
            "environment: {GREETING: 'hello there', TZ: Europe/Warsaw, FILLED: '${OUTSIDE}'}",
            "env"
        )
        + ServiceYaml.With("inherits", "inherit_environment: [OUTSIDE, NOT_SET_ANYWHERE]", "env")
        + ServiceYaml.With("wins", "inherit_environment: [OUTSIDE], environment: {OUTSIDE: inside}", "env")
        + ServiceYaml.Of("exports", "export LEFT=behind", "env")
        + ServiceYaml.Of("named", "echo %PATH% %LD_PRELOAD% > /dev/null; env");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string>
        {
            ["HC_TOKEN"] = HealthToken,
            ["HC_MIN_TOKEN_LENGTH"] = "5",
            ["HC_MAX_DISK_USAGE"] = "99",
            ["THIN_DEPLOYER_MAX_BODY"] = "1MiB",
            ["OUTSIDE"] = "from outside",
            ["STRANGE_SECRET"] = "nobody asked for it",
            ["ASPNETCORE_TEST"] = "x",
            ["LC_ALL"] = "C.UTF-8",
            ["SSH_AUTH_SOCK"] = "/somewhere/agent",
            ["http_proxy"] = "http://127.0.0.1:1/",
            ["HTTPS_PROXY"] = "http://127.0.0.1:2/",
            ["no_proxy"] = "localhost",
        };

    [Fact]
    public async Task A_step_gets_what_is_promised_and_nothing_else()
    {
        var variables = await VariablesAsync("plain");

        Assert.Empty(variables.Keys.Except(Promised));
        Assert.Equal("C.UTF-8", variables["LANG"]);
        Assert.Equal("C.UTF-8", variables["LC_ALL"]);
        Assert.Equal("/somewhere/agent", variables["SSH_AUTH_SOCK"]);
        Assert.Equal("http://127.0.0.1:1/", variables["http_proxy"]);
        Assert.Equal("http://127.0.0.1:2/", variables["HTTPS_PROXY"]);
        Assert.Equal("localhost", variables["no_proxy"]);
        Assert.Equal(Server.Workspace.Home, variables["HOME"]);
        Assert.All(["PATH", "USER", "LOGNAME", "SHELL", "TZ"], name => Assert.NotEmpty(variables[name]));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("sets")]
    [InlineData("inherits")]
    public async Task No_setting_and_no_secret_of_the_server_reaches_a_step(string service)
    {
        var answer = await Server.DeployAsync(service);

        Assert.DoesNotContain("HC_", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(HealthToken, answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("THIN_DEPLOYER_MAX_BODY", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("THIN_DEPLOYER_CONFIGURATION", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("THIN_DEPLOYER_DATA", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("STRANGE_SECRET", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(ServiceYaml.Token, answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("DOTNET_", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_may_set_variables()
    {
        var variables = await VariablesAsync("sets");

        Assert.Equal("hello there", variables["GREETING"]);
        Assert.Equal("Europe/Warsaw", variables["TZ"]);
        Assert.Equal("from outside", variables["FILLED"]);
    }

    [Theory]
    [InlineData("inherits", "from outside")]
    [InlineData("wins", "inside")]
    public async Task A_service_may_name_what_it_inherits_and_its_own_value_wins(string service, string expected)
    {
        var variables = await VariablesAsync(service);

        Assert.Equal(expected, variables["OUTSIDE"]);
        Assert.DoesNotContain("NOT_SET_ANYWHERE", variables.Keys);
    }

    [Fact]
    public async Task A_step_knows_its_deployment_and_service()
    {
        var answer = await Server.DeployAsync("plain");

        var variables = Variables(answer);
        Assert.Equal(answer.Header("X-Deployment-Id"), variables["DEPLOYMENT_ID"]);
        Assert.Equal("plain", variables["DEPLOYMENT_SERVICE"]);
        Assert.NotEmpty(variables["DEPLOYMENT_PAYLOAD_FILE"]);
    }

    [Fact]
    public async Task What_a_step_exports_is_gone_in_the_next()
    {
        var variables = await VariablesAsync("exports");

        Assert.DoesNotContain("LEFT", variables.Keys);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("named")]
    public async Task An_argument_never_becomes_a_variable_of_its_name(string service)
    {
        var before = await VariablesAsync(service);

        var after = await VariablesAsync($"{service}?PATH=/evil&LD_PRELOAD=/evil.so&HOME=/evil&DEPLOYMENT_ID=evil");

        Assert.Equal(before["PATH"], after["PATH"]);
        Assert.Equal(before["HOME"], after["HOME"]);
        Assert.DoesNotContain("LD_PRELOAD", after.Keys);
        Assert.NotEqual("evil", after["DEPLOYMENT_ID"]);
    }

    [Fact]
    public async Task Where_the_body_can_not_be_written_only_a_command_that_reads_it_fails()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("needs-none", "echo fine")
                + ServiceYaml.Of("reads", "cat \"$DEPLOYMENT_PAYLOAD_FILE\"")
                + ServiceYaml.Of("by-script", "./reads.sh")
        );
        await File.WriteAllTextAsync(Path.Join(server.Workspace.Data, "payloads"), "no folder");
        var script = server.Workspace.At("site", "reads.sh");
        await File.WriteAllTextAsync(script, "#!/bin/sh\ncat \"$DEPLOYMENT_PAYLOAD_FILE\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var answers = new List<Answer>();
        foreach (var service in new[] { "needs-none", "reads", "by-script" })
        {
            using var body = new StringContent("{}");
            answers.Add(await server.DeployAsync(service, body));
        }

        Assert.Equal([202, 500, 500], answers.Select(answer => answer.Status));
        Assert.Equal(["fine"], answers[0].Printed);
        Assert.Contains("can't be written to a file", answers[1].Printed[^1], StringComparison.Ordinal);
        Assert.Contains("the-request-body-could-not-be-written", answers[2].Output, StringComparison.Ordinal);
    }

    private async Task<Dictionary<string, string>> VariablesAsync(string serviceAndQuery)
    {
        var answer = await Server.DeployAsync(serviceAndQuery);
        Assert.Equal(202, answer.Status);
        return Variables(answer);
    }

    private static Dictionary<string, string> Variables(Answer answer) =>
        answer.Printed.Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
}
