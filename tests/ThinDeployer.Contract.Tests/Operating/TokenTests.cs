using System.Security.Cryptography;
using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Operating;

/// <summary>New tokens.</summary>
public sealed class TokenTests
{
    [Fact]
    public async Task It_has_256_bits_and_is_never_the_same()
    {
        var first = Assert.Single(await NewAsync());
        var second = Assert.Single(await NewAsync());

        Assert.Matches("^[A-Za-z0-9_-]{43}$", first);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task Its_digest_is_what_the_configuration_may_hold()
    {
        var lines = await NewAsync("--hash");
        await using var server = await StartAsync(lines[1]);

        var answer = await server.GetAsync("/deploy/site", ("X-Auth-Token", lines[0]));

        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines[0]))), lines[1]);
        Assert.Equal(202, answer.Status);
    }

    private static async Task<IReadOnlyList<string>> NewAsync(params string[] arguments)
    {
        using var workspace = new Workspace();
        var run = await ProgramRun.ToEndAsync(
            new ProgramStart(new BareServer(), workspace) { Arguments = ["token", "new", .. arguments] }
        );
        Assert.Equal(0, run.ExitCode);
        return run.Output.Lines;
    }

    private static Task<RunningServer> StartAsync(string token)
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.Bare("site", $"token: {token}, pwd: site", "true"));
        return RunningServer.StartAsync(ServerStart.With(workspace));
    }
}
