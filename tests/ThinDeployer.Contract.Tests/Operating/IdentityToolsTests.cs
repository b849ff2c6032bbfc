using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Operating;

/// <summary>What the command line says of tokens with rights, and of a CI's OpenID tokens.</summary>
#pragma warning disable CA1001 // The runner calls DisposeAsync.
public sealed class IdentityToolsTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly Workspace _workspace = new();
    private TestIssuer _issuer = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _workspace.Write(
            "deployer.yml",
            ServiceYaml.Bare(
                "site",
                $"identity: [{{issuer: '{_issuer.Name}', audience: '{TestIssuer.Audience}', claims: {{repository: acme/shop}}, "
                    + "name: forge}], token: {ada: {value: a-token-of-good-length, may: [read, approve], until: 2026-01-31}}, "
                    + "pwd: site",
                "ls"
            )
        );
    }

    public async Task DisposeAsync()
    {
        await _issuer.DisposeAsync();
        _workspace.Dispose();
    }

    [Fact]
    public async Task Explain_says_what_each_credential_may()
    {
        var run = await RunAsync("explain", "site");

        Assert.Superset(
            new HashSet<string>
            {
                "  - ada: *** (22 characters); may read, approve, until 2026-02-01T00:00:00Z",
                $"  - forge: {_issuer.Name} for {TestIssuer.Audience}, if repository is acme/shop; may deploy, read, cancel, rollback",
            },
            run.Output.Lines.ToHashSet()
        );
    }

    [Fact]
    public async Task Validate_warns_of_a_token_that_has_ended()
    {
        var run = await RunAsync("validate");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(
            "the token \"ada\" has ended (2026-01-31), so it opens nothing",
            run.Output.Text,
            StringComparison.Ordinal
        );
        Assert.Contains("until: 2026-01-31", run.Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-token-of-good-length", run.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_asks_the_issuer_for_its_keys()
    {
        var good = await RunAsync("doctor", "--listen", "127.0.0.1", "--port", "0");
        _issuer.IsDown = true;
        var bad = await RunAsync("doctor", "--listen", "127.0.0.1", "--port", "0");

        Assert.Contains($"ok       identity: {_issuer.Name} has 1 key", good.Output.Lines);
        Assert.Contains(
            bad.Output.Lines,
            line =>
                line.StartsWith(
                    $"wrong    identity: the keys of {_issuer.Name} can't be had: it answered 503",
                    StringComparison.Ordinal
                )
        );
        Assert.Equal(1, bad.ExitCode);
    }

    [Theory]
    [InlineData(null, "credentials: let in as forge (repo:acme/shop:ref:refs/heads/main)")]
    [InlineData("acme/other", "credentials: refused (identity_claim_mismatch)")]
    public async Task Try_checks_a_token_as_the_server_does(string? repository, string line)
    {
        var token = _issuer.Token(claims => claims["repository"] = repository ?? "acme/shop");
        _workspace.Write("empty", "");

        var run = await RunAsync(
            "try",
            "site",
            "--body",
            _workspace.At("empty"),
            "--header",
            $"Authorization: Bearer {token}"
        );

        Assert.Contains(line, run.Output.Lines);
    }

    private Task<ProgramRun> RunAsync(params string[] arguments) =>
        ProgramRun.ToEndAsync(new ProgramStart(new BareServer(), _workspace) { Arguments = arguments });
}
