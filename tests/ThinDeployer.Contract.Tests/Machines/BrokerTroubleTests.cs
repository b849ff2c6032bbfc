using System.Globalization;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Machines;

/// <summary>What a deployment is when its broker is not there, takes nothing, or is hard to reach.</summary>
[Collection(OneFleetBroker.Name)]
public sealed class BrokerTroubleTests(SharedBroker shared)
{
    /// <summary>About a megabyte.</summary>
    private const int Lines = 160_000;

    private const int Cuts = 4;

    /// <summary>Bytes.</summary>
    private const int BetweenCuts = 100_000;

    private const string Front = $$$"""
        loud: {token: {{{ServiceYaml.Token}}}, machines: all}

        """;

    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(20);

    private static readonly string Machine = ServiceYaml.Bare(
        "loud",
        "pwd: site",
        $"touch began; until [ -e go ]; do sleep 0.05; done; seq 1 {Lines}; touch printed"
    );

    private TestBroker Broker => shared.Broker;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_printed_while_the_broker_is_away_comes_when_it_is_back(bool isKilled)
    {
        await using var fleet = await StartAsync();
        var id = await BeginAsync(fleet);

        await (isKilled ? Broker.KillAsync() : Broker.StopAsync());
        try
        {
            await PrintAsync(fleet);
        }
        finally
        {
            await Broker.RestartAsync();
        }

        await AllCameAsync(fleet, id);
    }

    [Fact]
    public async Task A_broker_whose_disk_is_full_holds_up_what_is_told_and_not_what_is_done()
    {
        await using var fleet = await StartAsync();
        var id = await BeginAsync(fleet);

        await Broker.SetDiskAlarmAsync(isOn: true);
        try
        {
            await PrintAsync(fleet);
        }
        finally
        {
            await Broker.SetDiskAlarmAsync(isOn: false);
        }

        await AllCameAsync(fleet, id);
    }

    [Fact]
    public async Task A_way_that_is_cut_again_and_again_brings_each_line_once()
    {
        await using var proxy = new BrokerProxy(Broker.Port);
        await using var fleet = await StartAsync(proxy);
        var id = await BeginAsync(fleet);

        proxy.Delay = Slow;
        fleet["web-1"].Workspace.TouchSite("go");
        for (var seen = 0L; seen < Cuts * BetweenCuts; seen += BetweenCuts)
        {
            await Eventually.IsTrueAsync(async () => await BytesAsync(fleet, id) > seen ? 1 : 0, 1, "more has come");
            proxy.Cut();
        }

        proxy.IsOpen = false;
        proxy.Cut();
        await fleet["web-1"].Workspace.SiteHasAsync("printed");
        proxy.IsOpen = true;

        await AllCameAsync(fleet, id);
    }

    private Task<Fleet> StartAsync(BrokerProxy? proxy = null) =>
        Fleet.StartAsync(
            Broker,
            Front,
            _ => Machine,
            ["web-1"],
            prepare: (machine, place) =>
            {
                if (proxy is not null)
                {
                    machine.Settings["THIN_DEPLOYER_BROKER"] = $"amqp://127.0.0.1:{proxy.Port}/{place}";
                }
            }
        );

    private static async Task<string> BeginAsync(Fleet fleet)
    {
        var id = await fleet.BeginAsync("loud");
        await fleet["web-1"].Workspace.SiteHasAsync("began");
        await fleet.ComesToAsync(id, "web-1", "running");
        return id;
    }

    private static async Task PrintAsync(Fleet fleet)
    {
        fleet["web-1"].Workspace.TouchSite("go");
        await fleet["web-1"].Workspace.SiteHasAsync("printed");
    }

    private static async Task<long> BytesAsync(Fleet fleet, string id) =>
        (await fleet.LogAsync(id, "?machine=web-1")).Length;

    private static async Task AllCameAsync(Fleet fleet, string id)
    {
        var end = await fleet.EndOfAsync(id);

        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        var child = await fleet.AskAsync(Fleet.ChildOf(end, "web-1"));
        Assert.Equal(0, child.GetProperty("outputCutBytes").GetInt64());
        var printed = FleetLog.Printed(await fleet.LogAsync(Fleet.ChildOf(end, "web-1")));
        var wanted = Enumerable.Range(1, Lines).Select(one => one.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(wanted, printed);
    }
}

/// <summary>The log of one machine's deployment.</summary>
internal static class FleetLog
{
    /// <summary>What its steps printed: no line of ours.</summary>
    internal static IEnumerable<string> Printed(string log) =>
        log.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line =>
                !line.StartsWith(" # ", StringComparison.Ordinal) && !line.StartsWith(" > ", StringComparison.Ordinal)
            );
}
