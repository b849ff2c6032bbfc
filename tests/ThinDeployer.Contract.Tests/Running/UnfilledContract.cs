using System.Text;
using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>A placeholder without a value stays as written, and an argument that fills none has no effect; both are told.</summary>
public abstract class UnfilledContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected override string Configuration =>
        ServiceYaml.With(
            "plain",
            "on_failure: [echo %old%]",
            "echo %tag% %tag%",
            "date +%Y-%m-%dT%H:%M:%S",
            "echo %name%"
        )
        + ServiceYaml.With("filled", "vars: {tag: none}", "echo %tag%")
        + ServiceYaml.With("heredoc", "", "cat <<E\n%tag%\nE")
        + ServiceYaml.With("declared", "variables: {tag: {argument: t}}", "echo %tag% %tga%")
        + ServiceYaml.With("ruled", "when: {query: stage, in: [test]}", "true")
        + ServiceYaml.Bare("secretive", $"token: {ServiceYaml.Token}, pwd: site", "true");

    [Fact]
    public async Task A_misspelt_argument_is_told_in_the_answer_and_the_record()
    {
        var answer = await Server.DeployAsync("plain?tga=v1&name=x&zzz=1");

        var deployment = (await Server.AskAsync($"/deployments/{answer.Json.GetProperty("id").GetString()}")).Json;
        Assert.Equal("%tag% %tag%", answer.Printed[0]);
        Assert.All(
            [answer.Json, deployment],
            json =>
            {
                Assert.Equal(["tag", "old"], Texts(json, "unfilled"));
                Assert.Equal(["tga", "zzz"], Texts(json, "unused"));
            }
        );
    }

    [Fact]
    public async Task Who_does_not_wait_is_told_too()
    {
        var answer = await Server.DeployAtOnceAsync("plain?tga=v1");

        Assert.Equal(["tag", "name", "old"], Texts(answer.Json, "unfilled"));
        Assert.Equal(["tga"], Texts(answer.Json, "unused"));
    }

    [Theory]
    [InlineData("filled")]
    [InlineData("filled?tag=v1")]
    [InlineData("filled?token=" + ServiceYaml.Token)]
    [InlineData("ruled?stage=test")]
    public async Task Where_all_is_well_there_is_nothing_to_tell(string serviceAndQuery)
    {
        var answer = await Server.DeployAsync(serviceAndQuery);

        Assert.Equal(202, answer.Status);
        Assert.False(answer.Json.TryGetProperty("unfilled", out _));
        Assert.False(answer.Json.TryGetProperty("unused", out _));
    }

    [Theory]
    [InlineData("filled?tag=v1&tag=v2", "", "tag")]
    [InlineData("heredoc?tag=v1", "tag", "tag")]
    [InlineData("declared?t=v1&tag=v2", "tga", "tag")]
    public async Task What_has_no_effect_is_told(string serviceAndQuery, string unfilled, string unused)
    {
        var answer = await Server.DeployAsync(serviceAndQuery);

        Assert.Equal(unfilled, string.Join(' ', Texts(answer.Json, "unfilled")));
        Assert.Equal(unused, string.Join(' ', Texts(answer.Json, "unused")));
    }

    [Fact]
    public async Task An_argument_of_a_form_counts_and_members_of_json_are_no_arguments()
    {
        using var form = new FormUrlEncodedContent([new("tga", "v1"), new("token", ServiceYaml.Token)]);
        using var json = new StringContent("{\"tag\": \"v1\"}", Encoding.UTF8, "application/json");

        var ofForm = await Server.DeployAsync("plain?name=x", form);
        var ofJson = await Server.DeployAsync("plain?name=x", json);

        Assert.Equal(["tga"], Texts(ofForm.Json, "unused"));
        Assert.Empty(Texts(ofJson.Json, "unused"));
        Assert.Equal(["tag", "old"], Texts(ofJson.Json, "unfilled"));
    }

    [Fact]
    public async Task Neither_many_names_nor_long_ones_nor_a_secret_are_repeated()
    {
        var many = string.Join('&', Enumerable.Range(0, 1_000).Select(number => $"n{number}=1"));

        var ofMany = await Server.DeployAsync($"secretive?{many}");
        var ofLong = await Server.DeployAsync($"secretive?{new string('n', 5_000)}=1&{ServiceYaml.Token}=1");

        Assert.Equal(20, Texts(ofMany.Json, "unused").Length);
        Assert.DoesNotContain("nnn", ofLong.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(ServiceYaml.Token, ofLong.Text, StringComparison.Ordinal);
        Assert.Equal(["…", "***"], Texts(ofLong.Json, "unused"));
    }

    private static string[] Texts(JsonElement json, string member) =>
        json.TryGetProperty(member, out var texts) ? [.. texts.EnumerateArray().Select(text => text.GetString()!)] : [];
}
