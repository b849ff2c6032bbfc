using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Live;

/// <summary>The same once more.</summary>
public abstract class RerunContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string AdminToken = "the-admin-token-of-these-tests";
    private const string OtherToken = "the-token-of-another-service";

    protected override string Configuration =>
        ServiceYaml.With("site", "vars: {tag: none}", "echo tag %tag%")
        + ServiceYaml.Bare("other", $"token: {OtherToken}, pwd: site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string> { ["THIN_DEPLOYER_ADMIN_TOKEN"] = AdminToken };

    [Fact]
    public async Task It_is_a_new_deployment_with_the_same_values()
    {
        var first = (await Server.DeployAsync("site?tag=it's%20v1")).Json.GetProperty("id").GetString();

        var answer = await Server.ControlAsync($"{first}/rerun");

        var second = answer.Json.GetProperty("id").GetString()!;
        Assert.Equal(202, answer.Status);
        Assert.NotEqual(first, second);
        Assert.Equal($"/deployments/{second}", answer.Header("Location"));
        Assert.Equal("succeeded", (await Server.EndOfAsync(second)).GetProperty("status").GetString());
        var log = await Server.AskAsync($"/deployments/{second}/log");
        Assert.Contains("\ntag it's v1\n", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_waited_for()
    {
        var first = (await Server.DeployAsync("site?tag=v2")).Json.GetProperty("id").GetString();

        var answer = await Server.SendAsync(
            HttpMethod.Post,
            $"/deployments/{first}/rerun",
            content: null,
            ("X-Auth-Token", ServiceYaml.Token),
            ("Prefer", "wait=20")
        );

        Assert.Equal(["tag v2"], answer.Printed);
    }

    [Fact]
    public async Task The_admin_may_and_is_named()
    {
        var first = (await Server.DeployAsync("site")).Json.GetProperty("id").GetString();

        var answer = await Server.SendAsync(
            HttpMethod.Post,
            $"/deployments/{first}/rerun",
            content: null,
            ("X-Auth-Token", AdminToken)
        );

        var end = await Server.EndOfAsync(answer.Json.GetProperty("id").GetString()!);
        Assert.Equal("admin", end.GetProperty("trigger").GetProperty("who").GetString());
    }

    [Fact]
    public async Task Others_may_not()
    {
        var first = (await Server.DeployAsync("site")).Json.GetProperty("id").GetString();

        var foreign = await Server.SendAsync(
            HttpMethod.Post,
            $"/deployments/{first}/rerun",
            content: null,
            ("X-Auth-Token", OtherToken)
        );
        var none = await Server.SendAsync(HttpMethod.Post, $"/deployments/{first}/rerun", content: null);

        Assert.Equal((404, 403), (foreign.Status, none.Status));
    }

    /// <summary>No host sees them: behind a proxy, one that holds and one that does not.</summary>
    public static TheoryData<string, string, string> Rules =>
        IsBehindProxy
            ? new() { { "pattern: '[a-z]+'", "v1", "does not match" }, { "default: v1, pattern: '[a-z]+'", "v1", "" } }
            : new()
            {
                { "pattern: '[a-z]+'", "v1", "does not match" },
                { "allow_dash: true, pattern: '-?[a-z0-9]+'", "-v1", "" },
                { "pattern: '-?[a-z0-9]+'", "-v1", "must not begin" },
                { "default: v1, pattern: '[a-z]+'", "v1", "" },
                { "choices: [v2, v3]", "v1", "is none of its choices" },
                { "choices: [v1]", "v1", "" },
                { "pattern: 'refs/tags/(.+)'", "v1", "" },
                { "pattern: 'refs/tags/(.+)'", "-v1", "must not begin" },
            };

    /// <summary>A rule is made because of a value that should not have run.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_value_keeps_to_the_rules_of_now(string rule, string value, string complaint)
    {
        await using var server = await StartOwnAsync(Taking("allow_dash: true"));
        var first = (await server.DeployAsync($"site?tag={value}")).Json.GetProperty("id").GetString();
        server.Workspace.Write("deployer.yml", Taking(rule) + ServiceYaml.Of("loaded", "true"));
        await Eventually.IsTrueAsync(
            async () => (await server.DeployAsync("loaded")).Status,
            202,
            "the configuration is loaded"
        );

        var answer = await server.ControlAsync($"{first}/rerun");

        Assert.Equal(complaint.Length > 0 ? 400 : 202, answer.Status);
        Assert.Contains(complaint, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_a_variable_that_is_an_argument_now_keeps_to_the_rules_of_arguments()
    {
        await using var server = await StartOwnAsync(Taking("allow_dash: true"));
        var first = (await server.DeployAsync("site?tag=-v1")).Json.GetProperty("id").GetString();
        server.Workspace.Write("deployer.yml", ServiceYaml.Of("site", "echo %tag%") + ServiceYaml.Of("loaded", "true"));
        await Eventually.IsTrueAsync(async () => (await server.DeployAsync("loaded")).Status, 202, "it is loaded");

        var answer = await server.ControlAsync($"{first}/rerun");

        Assert.Equal(400, answer.Status);
        Assert.Contains("must not begin", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_is_new_takes_its_default_or_is_missed()
    {
        await using var server = await StartOwnAsync(ServiceYaml.Of("site", "true"));
        var first = (await server.DeployAsync("site")).Json.GetProperty("id").GetString();
        server.Workspace.Write("deployer.yml", Taking("default: v3") + ServiceYaml.Of("loaded", "true"));
        await Eventually.IsTrueAsync(async () => (await server.DeployAsync("loaded")).Status, 202, "it is loaded");
        var defaulted = await server.ControlAsync($"{first}/rerun");
        server.Workspace.Write("deployer.yml", Taking("") + ServiceYaml.Of("again", "true"));
        await Eventually.IsTrueAsync(async () => (await server.DeployAsync("again")).Status, 202, "it is loaded");

        var missing = await server.ControlAsync($"{first}/rerun");

        Assert.Equal((202, 400), (defaulted.Status, missing.Status));
        var log = defaulted.Header("Location") + "/log?follow=true";
        Assert.Contains("\ntag v3\n", (await server.AskAsync(log)).Text, StringComparison.Ordinal);
    }

    private static string Taking(string rule) =>
        ServiceYaml.With("site", $"variables: {{tag: {{argument: tag, {rule}}}}}", "echo tag %tag%");
}
