using System.Text;
using ThinDeployer.Configuration;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Tests.Rollouts;

/// <summary>What a configuration may say of several machines, and what it is told where that is wrong.</summary>
public sealed class RolloutReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_service_without_machines_is_deployed_here() => Assert.Null(Plan("pwd: .\n  commands: [ls]"));

    [Fact]
    public void By_default_one_machine_follows_the_other_and_the_first_failure_is_the_last()
    {
        var plan = Plan("machines: [web-2, web-1]")!;

        Assert.Equal(["web-2", "web-1"], plan.Machines);
        Assert.Equal([new BatchSize(1, IsPercent: false)], plan.Batches);
        Assert.Equal((TimeSpan.Zero, false, 0), (plan.Pause, plan.IsManual, plan.MaximumFailures));
        Assert.Equal((WhenUnavailable.Wait, TimeSpan.FromHours(1)), (plan.Unavailable, plan.Expire));
    }

    [Theory]
    [InlineData("machines: all", null)]
    [InlineData("machines: web-1", "web-1")]
    [InlineData("machines: \"1\"", "1")]
    [InlineData("machines: [a.b_c-d, 0]", "a.b_c-d 0")]
    [InlineData("machines: [\"${HOST}\"]", "from-the-environment")]
    public void Machines_are_named_or_all_are_meant(string keys, string? names)
    {
        var plan = Plan(keys)!;

        Assert.Equal(names?.Split(' '), plan.Machines);
    }

    [Fact]
    public void All_that_can_be_said_of_the_steps_is_read()
    {
        var plan = Plan(
            "machines: all\n  rollout: {batch: [1, 25%, 100%], pause: 10s, max_failures: 2, unavailable: skip, expire: 7d}"
        )!;

        Assert.Equal([new(1, IsPercent: false), new(25, IsPercent: true), new(100, IsPercent: true)], plan.Batches);
        Assert.Equal((TimeSpan.FromSeconds(10), false, 2), (plan.Pause, plan.IsManual, plan.MaximumFailures));
        Assert.Equal((WhenUnavailable.Skip, TimeSpan.FromDays(7)), (plan.Unavailable, plan.Expire));
    }

    [Theory]
    [InlineData("batch: 3", 3, false)]
    [InlineData("batch: 25%", 25, true)]
    [InlineData("batch: [100%]", 100, true)]
    [InlineData("batch: ", 1, false)]
    public void A_batch_alone_counts_for_all(string keys, int value, bool isPercent)
    {
        var plan = Plan($"machines: all\n  rollout: {{{keys}}}")!;

        Assert.Equal([new BatchSize(value, isPercent)], plan.Batches);
    }

    [Fact]
    public void A_pause_may_last_until_somebody_says_yes()
    {
        var plan = Plan("machines: all\n  rollout: {pause: manual, unavailable: fail}")!;

        Assert.True(plan.IsManual);
        Assert.Equal(WhenUnavailable.Fail, plan.Unavailable);
    }

    [Theory]
    [InlineData("machines:", "3:12: shop: \"machines\" is empty; name at least one, or write all")]
    [InlineData("machines: []", "3:13: shop: \"machines\" is empty")]
    [InlineData("machines: {a: b}", "3:13: shop: \"machines\" must be a list, not a map")]
    [InlineData("machines: Web-1", "3:13: shop: an entry of \"machines\" must be the name of a machine, such as web-1")]
    [InlineData("machines: [a, [b]]", "3:17: shop: an entry of \"machines\" must be the name")]
    [InlineData("machines: [-a]", "3:14: shop: an entry of \"machines\" must be the name")]
    [InlineData("machines: [a b]", "3:14: shop: an entry of \"machines\" must be the name")]
    [InlineData("machines: [\"a\\n\"]", "3:14: shop: an entry of \"machines\" must be the name")]
    [InlineData("machines: [all]", "3:14: shop: \"all\" stands for every machine, so it can't stand in a list")]
    [InlineData(
        "machines: [a, b, a]",
        "3:20: shop: \"machines\" names \"a\" at line 3 already; name each machine once"
    )]
    [InlineData("machines: [\"${NOWHERE}\"]", "3:14: shop:")]
    [InlineData(
        "rollout: {batch: 1}\n  commands: [ls]\n  pwd: .",
        "3:12: shop: \"rollout\" says how machines follow each"
    )]
    [InlineData("machines: all\n  rollout: [1]", "4:12: shop: \"rollout\" must be a map, not a list")]
    [InlineData(
        "machines: all\n  rollout: {batches: 1}",
        "4:13: shop: unknown key \"batches\"; did you mean \"batch\"?"
    )]
    [InlineData(
        "machines: all\n  rollout: {batch: 0}",
        "4:20: shop: \"batch\" must be a number of machines from 1 to 1000"
    )]
    [InlineData("machines: all\n  rollout: {batch: 0%}", "4:20: shop: \"batch\" must be")]
    [InlineData("machines: all\n  rollout: {batch: 101%}", "a share from 1% to 100%, or a list of these")]
    [InlineData("machines: all\n  rollout: {batch: 2.5}", "4:20: shop: \"batch\" must be")]
    [InlineData("machines: all\n  rollout: {batch: [1, {a: b}]}", "4:24: shop: \"batch\" must be")]
    [InlineData("machines: all\n  rollout: {batch: []}", "4:20: shop: \"batch\" is empty")]
    [InlineData(
        "machines: all\n  rollout: {pause: 25h}",
        "4:20: shop: \"pause\" must be a duration up to 1d, such as 10s"
    )]
    [InlineData(
        "machines: all\n  rollout: {pause: soon}",
        "or manual: then somebody says yes before each further batch"
    )]
    [InlineData(
        "machines: all\n  rollout: {max_failures: -1}",
        "\"max_failures\" must be a whole number from 0 to 1000"
    )]
    [InlineData("machines: all\n  rollout: {unavailable: ignore}", "\"unavailable\" must be one of: wait, skip, fail")]
    [InlineData("machines: all\n  rollout: {expire: 59s}", "\"expire\" must be a duration from 1m to 7d")]
    [InlineData("machines: all\n  rollout: {expire: 8d}", "\"expire\" must be a duration from 1m to 7d")]
    [InlineData("machines: all\n  pwd: .\n  commands: []", "5:13: shop: \"commands\" is missing or empty")]
    [InlineData("machines: all\n  on_failure: [ls]", "\"pwd\" is missing; name the folder in which the commands run")]
    [InlineData("machines: all\n  commands: [ls]", "\"pwd\" is missing")]
    public void A_mistake_is_told_with_its_place_and_its_cure(string keys, string mistake)
    {
        var snapshot = Read(keys);

        Assert.Contains(mistake, Assert.Single(snapshot.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void No_more_machines_are_read_than_there_may_be()
    {
        var names = string.Join(", ", Enumerable.Range(1, 1_001).Select(number => $"m{number}"));

        var snapshot = Read($"machines: [{names}]");

        Assert.Contains("at most 1000 entries", Assert.Single(snapshot.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_of_other_machines_needs_neither_commands_nor_a_folder_here()
    {
        var snapshot = Read("machines: all");

        Assert.Empty(snapshot.Problems);
        Assert.Empty(snapshot.Services["shop"].Plan.Steps);
        Assert.False(snapshot.Services["shop"].Plan.RunsHere);
    }

    [Fact]
    public void What_its_machines_do_with_a_value_is_not_known_here_so_any_is_taken()
    {
        var open = Read("machines: all").Services["shop"].Plan;
        var declared = Read("machines: all\n  variables: {branch: {argument: branch}}").Services["shop"].Plan;
        var written = Read("machines: all\n  pwd: .\n  commands: [echo %branch%]").Services["shop"].Plan;

        Assert.All([open, declared, written], plan => Assert.True(plan.Takes("branch")));
        Assert.True(open.Takes("other"));
        Assert.False(declared.Takes("other") || written.Takes("other"));
        Assert.False(open.Takes("token") || open.Takes("a b") || open.Takes(""));
    }

    [Fact]
    public void Another_list_of_machines_is_another_version_and_other_steps_are_not()
    {
        var one = VersionOf("machines: [a]");

        Assert.NotEqual(one, VersionOf("machines: [a, b]"));
        Assert.Equal(one, VersionOf("machines: [a]\n  rollout: {pause: 1s}"));

        string VersionOf(string keys) => Read(keys).Services["shop"].Plan.Version;
    }

    private RolloutPlan? Plan(string keys)
    {
        var snapshot = Read(keys);
        Assert.Empty(snapshot.Problems);
        return snapshot.Services["shop"].Plan.Rollout;
    }

    private ConfigurationSnapshot Read(string keys)
    {
        var file = _folder.Write(
            "f.yml",
            Encoding.UTF8.GetBytes($"shop:\n  token: a-token-of-sixteen-letters\n  {keys}\n")
        );
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return ConfigurationReader.Read(file, name => name == "HOST" ? "from-the-environment" : null, _folder.FullName);
    }
}
