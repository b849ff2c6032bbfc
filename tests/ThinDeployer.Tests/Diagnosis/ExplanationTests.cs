using System.Text;
using System.Text.Json.Nodes;
using ThinDeployer.Configuration;
using ThinDeployer.Operating.Diagnosis;

namespace ThinDeployer.Tests.Diagnosis;

/// <summary>What a person is told of a service.</summary>
public sealed class ExplanationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_of_it_is_of_one_moment()
    {
        var time = new HurryingTime();
        var service = Read(
            "pwd: .\n  commands: [ls]\n  windows: [{allow: {days: [mon]}}]\n  schedule: [{cron: '@daily'}]"
        );

        _ = new Explanation(service, time).ToJson();

        Assert.Equal(1, time.Asked);
    }

    [Fact]
    public void Machines_are_told_with_the_steps_of_their_rollout()
    {
        var service = Read("machines: [web-1, web-2]\n  rollout: {batch: [1, 50%], pause: manual}");

        var told = JsonNode.Parse(new Explanation(service, TimeProvider.System).ToJson())!;

        Assert.Equal("web-1, web-2", (string?)told["machines"]);
        Assert.Equal("1, 50%", (string?)told["rollout"]!["batch"]);
        Assert.Equal("manual", (string?)told["rollout"]!["pause"]);
    }

    private ServiceConfiguration Read(string keys)
    {
        var file = _folder.Write("f.yml", Encoding.UTF8.GetBytes($"shop:\n  token: a-token-of-sixteen\n  {keys}\n"));
        var snapshot = ConfigurationReader.Read(file, _ => null, _folder.FullName);
        Assert.Empty(snapshot.Mistakes);
        return snapshot.Services["shop"];
    }

    /// <summary>Whoever asks twice gets two days.</summary>
    private sealed class HurryingTime : TimeProvider
    {
        internal int Asked { get; private set; }

        public override DateTimeOffset GetUtcNow() =>
            new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero).AddDays(++Asked);
    }
}
