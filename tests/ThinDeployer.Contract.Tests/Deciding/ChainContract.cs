using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Deciding;

/// <summary>A success is followed by the services that it names.</summary>
public abstract class ChainContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected override string Configuration =>
        ServiceYaml.With("first", "then: [second, third]", "echo first %version% >> chain.ran; [ %version% != bad ]")
        + ServiceYaml.With("second", "then: fourth", "echo second %version% >> second.ran")
        + ServiceYaml.With(
            "third",
            "variables: {version: {argument: version, pattern: '[0-9]+'}}",
            "echo third %version%"
        )
        + ServiceYaml.Of("fourth", "true")
        + ServiceYaml.With("refused", "then: strict", "true")
        + ServiceYaml.With("strict", "variables: {needed: {argument: needed}}", "true");

    [Fact]
    public async Task Each_link_follows_with_the_same_values_and_both_ends_say_so()
    {
        var answer = await Server.DeployAsync("first?version=12");

        var id = answer.Json.GetProperty("id").GetString()!;
        var links = await LinksAsync(id, 2);
        Assert.Equal(["second", "third"], links.Select(link => link.GetProperty("service").GetString()));
        foreach (var link in links)
        {
            var next = await Server.EndOfAsync(link.GetProperty("id").GetString()!);
            Assert.Equal("succeeded", next.GetProperty("status").GetString());
            var trigger = next.GetProperty("trigger");
            Assert.Equal(
                (id, "CHAIN"),
                (trigger.GetProperty("after").GetString(), trigger.GetProperty("method").GetString())
            );
            Assert.Equal("12", next.GetProperty("variables").GetProperty("version").GetString());
        }

        await LinksAsync(links[0].GetProperty("id").GetString()!, 1);
    }

    [Fact]
    public async Task Nothing_follows_what_failed()
    {
        var answer = await Server.DeployAsync("first?version=bad");

        Assert.Equal(500, answer.Status);
        await Server.DeployAsync("fourth");
        var list = (await Server.AskAsync("/deployments?limit=200")).Json.GetProperty("deployments").EnumerateArray();
        var id = answer.Json.GetProperty("id").GetString();
        Assert.DoesNotContain(
            list,
            one => one.GetProperty("trigger").TryGetProperty("after", out var after) && after.GetString() == id
        );
    }

    [Fact]
    public async Task A_link_whose_values_are_refused_is_dropped_and_said()
    {
        await Server.DeployAsync("refused");

        await Eventually.IsTrueAsync(
            () => Server.Program.Transcript.Contains("is not followed by one of strict", StringComparison.Ordinal),
            "the log says so"
        );
    }

    private async Task<IReadOnlyList<JsonElement>> LinksAsync(string id, int count)
    {
        IReadOnlyList<JsonElement> links = [];
        await Eventually.IsTrueAsync(
            async () =>
            {
                var deployment = (await Server.AskAsync($"/deployments/{id}")).Json;
                links = deployment.TryGetProperty("then", out var then) ? [.. then.EnumerateArray()] : [];
                return links.Count;
            },
            count,
            $"{id} is followed"
        );
        return links;
    }
}
