using System.Runtime.CompilerServices;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Configuration;

public sealed class CurrentConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("thin-deployer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_service_that_is_gone_is_known_as_long_as_a_deployment_of_it_and_no_longer()
    {
        var current = new CurrentConfiguration(Read("first"));
        var plan = PlanOf(current, "first");

        Replace(current, "second");
        var forgotten = Depart(current, "second");

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(forgotten.IsAlive);
        Assert.Equal("first", current.FindEver("first")?.Name);
        GC.KeepAlive(plan);
    }

    [Fact]
    public void The_service_as_it_is_now_wins()
    {
        var current = new CurrentConfiguration(Read("same"));

        current.Replace(Read("same"));

        Assert.Same(current.Snapshot.Services["same"], current.FindEver("same"));
    }

    /// <summary>Not inlined, so that no local of the caller holds it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Depart(CurrentConfiguration current, string name)
    {
        var gone = new WeakReference(current.Snapshot.Services[name]);
        Replace(current, "third");
        return gone;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Replace(CurrentConfiguration current, string service) => current.Replace(Read(service));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static DeploymentPlan PlanOf(CurrentConfiguration current, string name) =>
        current.Snapshot.Services[name].Plan;

    private ConfigurationSnapshot Read(string service)
    {
        var file = Path.Join(_folder, "deployer.yml");
        File.WriteAllText(file, $"{service}:\n  token: x\n  pwd: .\n  commands: [x]\n");
        return ConfigurationReader.Read(file, _ => null, _folder);
    }
}
