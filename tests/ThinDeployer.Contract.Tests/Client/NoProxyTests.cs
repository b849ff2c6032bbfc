using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>Which servers are asked past the proxy: in pairs with the curl of this machine.</summary>
public sealed class NoProxyTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("deploy.invalid", "")]
    [InlineData("deploy.invalid", "deploy.invalid")]
    [InlineData("deploy.invalid", ".deploy.invalid")]
    [InlineData("a.deploy.invalid", "deploy.invalid")]
    [InlineData("a.deploy.invalid", ".deploy.invalid")]
    [InlineData("a.deploy.invalid", "*.deploy.invalid")]
    [InlineData("notdeploy.invalid", "deploy.invalid")]
    [InlineData("DEPLOY.invalid", "deploy.INVALID")]
    [InlineData("deploy.invalid", "*")]
    [InlineData("deploy.invalid", "other.invalid,*")]
    [InlineData("deploy.invalid", "other.invalid , deploy.invalid")]
    [InlineData("deploy.invalid", " deploy.invalid")]
    [InlineData("deploy.invalid", "other.invalid,,deploy.invalid")]
    [InlineData("deploy.invalid", "deploy.invalid:1")]
    [InlineData("deploy.invalid", "deploy.invalid.")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "127.0.0.0/8")]
    [InlineData("127.0.0.1", "127.0.0.0")]
    [InlineData("127.0.0.9", "127.0.0.0/29")]
    [InlineData("127.0.0.7", "127.0.0.0/29")]
    [InlineData("127.0.0.1", "127.0.0.0/33")]
    [InlineData("127.0.0.1", "0.0.1")]
    [InlineData("[::1]", "::1")]
    [InlineData("[::1]", "fd00::/8")]
    [InlineData("localhost", "127.0.0.1")]
    public async Task It_is_as_curl_does_it(string host, string exceptions)
    {
        await AssertSameAsync(host, ("NO_PROXY", exceptions));
    }

    [Theory]
    [InlineData("deploy.invalid", "other.invalid")]
    [InlineData("other.invalid", "deploy.invalid")]
    [InlineData("", "deploy.invalid")]
    public async Task The_name_in_lower_case_comes_first(string lower, string upper)
    {
        await AssertSameAsync("deploy.invalid", ("no_proxy", lower), ("NO_PROXY", upper));
    }

    /// <summary>Not all versions of curl do what its manual says.</summary>
    [Theory]
    [InlineData("[::1]", "::/64", false)]
    [InlineData("[::1]", "::/127", false)]
    [InlineData("[::1]", "::2/127", true)]
    [InlineData("deploy.invalid", "other.invalid deploy.invalid", false)]
    public async Task It_is_as_the_manual_says(string host, string exceptions, bool isProxied)
    {
        await using var proxy = await StandInServer.StartAsync(Answer);

        var run = await RunAsync(host, Variables(proxy, ("NO_PROXY", exceptions)));

        Assert.Equal(isProxied, run.ExitCode == 0);
    }

    private async Task AssertSameAsync(string host, params (string Name, string Value)[] variables)
    {
        var asked = 0;
        await using var proxy = await StandInServer.StartAsync(context =>
        {
            Interlocked.Increment(ref asked);
            return Answer(context);
        });
        var environment = Variables(proxy, variables);

        var byCurl = await CurlAsync(UrlOf(host), environment) == 0;
        var run = await RunAsync(host, environment);

        Assert.Equal(byCurl, run.ExitCode == 0);
        Assert.Equal(byCurl ? 2 : 0, asked);
    }

    private Task<ProgramRun> RunAsync(string host, Dictionary<string, string> environment)
    {
        var start = ClientProgram.Start(_workspace, new Uri(UrlOf(host)), "list", "--patience", "1ms");
        return ProgramRun.ToEndAsync(
            start with
            {
                Settings = new Dictionary<string, string>(start.Settings.Concat(environment)),
            }
        );
    }

    /// <summary>Nobody listens at port 1 of this machine, and no name in .invalid has an address (RFC 6761).</summary>
    private static string UrlOf(string host) => $"http://{host}:1/";

    private static Dictionary<string, string> Variables(
        StandInServer proxy,
        params (string Name, string Value)[] variables
    ) =>
        variables
            .Append(("http_proxy", proxy.Address.ToString()))
            .ToDictionary(variable => variable.Item1, variable => variable.Item2);

    private static Task Answer(HttpContext context) => context.Response.WriteAsync("""{"deployments": []}""");

    private static async Task<int> CurlAsync(string url, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("curl", ["--silent", "--fail", "--output", "/dev/null", url])
        {
            UseShellExecute = false,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var curl = Process.Start(start)!;
        await curl.WaitForExitAsync();
        return curl.ExitCode;
    }
}
