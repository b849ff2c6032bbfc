using System.Text;
using ThinDeployer.Configuration;

namespace ThinDeployer.Tests.Rollouts;

/// <summary>What a machine that runs what a front orders takes from its configuration.</summary>
public sealed class AgentConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_needs_no_credential()
    {
        const string yaml = "shop: {pwd: ., commands: [ls]}";

        Assert.Empty(Read(yaml, isAgent: true).Problems);
        Assert.Contains("no credential", Assert.Single(Read(yaml, isAgent: false).Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_deploys_when_and_who_is_told_has_no_effect_right_or_wrong()
    {
        var snapshot = Read(
            """
            shop:
              token_file: missing
              signature: {sender: nobody}
              pwd: .
              commands: [ls]
              machines: [web-1, WEB-2]
              rollout: {batch: none}
              approval: {count: 0}
              windows: [{allow: {days: mon}}]
              schedule: [{cron: '@daily'}]
              then: [nowhere]
              notify: [{to: ntfy, url: '${NOWHERE}'}]
              report: {forge: github, token: '${NOWHERE}', repository: octo/shop}
            """,
            isAgent: true
        );

        Assert.Empty(snapshot.Mistakes);
        var service = snapshot.Services["shop"];
        Assert.Equal(
            (true, null, null),
            (service.Plan.Gate.Windows.IsAlways, service.Plan.Gate.Approval, service.Plan.Rollout)
        );
        Assert.Empty(service.Plan.Then);
        Assert.Empty(service.Then);
        Assert.Empty(service.Notify);
        Assert.Empty(service.Schedules);
        Assert.Null(service.Report);
        Assert.Empty(service.Credentials.Known);
    }

    [Fact]
    public void What_it_does_must_be_right_and_an_unknown_key_is_one()
    {
        var snapshot = Read("shop: {commands: [ls], tokken: a}", isAgent: true);

        Assert.Equal(2, snapshot.Mistakes.Count);
        Assert.Contains("\"pwd\" is missing", snapshot.Mistakes[0], StringComparison.Ordinal);
        Assert.Contains("unknown key \"tokken\"", snapshot.Mistakes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_of_other_machines_is_none_of_its_own()
    {
        var snapshot = Read("front: {token: a, machines: all}\nshop: {pwd: ., commands: [ls]}", isAgent: true);

        Assert.Equal(["shop"], snapshot.Services.Select(service => service.Key));
    }

    [Fact]
    public void With_nothing_that_it_could_do_it_does_not_begin()
    {
        var snapshot = Read("front: {token: a, machines: all}", isAgent: true);

        Assert.Contains("no service has commands", Assert.Single(snapshot.Mistakes), StringComparison.Ordinal);
    }

    private ConfigurationSnapshot Read(string yaml, bool isAgent)
    {
        var file = _folder.Write("f.yml", Encoding.UTF8.GetBytes(yaml));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return ConfigurationReader.Read(file, _ => null, _folder.FullName, isAgent: isAgent);
    }
}
