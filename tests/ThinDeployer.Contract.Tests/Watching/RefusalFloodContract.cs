using System.Globalization;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>What strangers do a thousand times is not written a thousand times.</summary>
public abstract partial class RefusalFloodContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const int Requests = 1_000;
    private const int FewLines = 200;

    protected override string Configuration => ServiceYaml.Of("site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string> { ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = Workspace.HomeLog };

    [Fact]
    public async Task Refusals_of_one_address_become_a_count_and_none_is_lost()
    {
        for (var i = 0; i < Requests; i++)
        {
            await Server.GetAsync($"/deploy/site?number={i}", ("X-Auth-Token", "a-wrong-token"));
        }

        await Eventually.IsTrueAsync(() => Told(Server) >= Requests, "all refusals were told");
        Assert.Equal(Requests, Told(Server));
        Assert.InRange(Refusals(Server).Length, 2, FewLines);
        Assert.Contains("127.0.0.1", Refusals(Server)[^1], StringComparison.Ordinal);
    }

    /// <summary>Each line is one, unless it says how many.</summary>
    private static int Told(RunningServer server) =>
        Refusals(server)
            .Sum(line =>
                Count.Match(line) is { Success: true } counted
                    ? int.Parse(counted.Groups["count"].Value, CultureInfo.InvariantCulture)
                    : 1
            );

    private static string[] Refusals(RunningServer server) =>
        [
            .. server
                .Workspace.ReadHomeLog()
                .Split('\n')
                .Where(line => line.Contains("403 (token_mismatch)", StringComparison.Ordinal)),
        ];

    [GeneratedRegex(@" (?<count>\d+) more ", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Count { get; }
}
