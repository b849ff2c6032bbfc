using System.Globalization;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Live;

/// <summary>Services that take turns.</summary>
public abstract class LockContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected override string Configuration =>
        Turns("one", "lock: host")
        + Turns("two", "lock: host, parallel: 3")
        + Turns("three", "lock: host")
        + Turns("picky", "lock: host, when_busy: reject")
        + Turns("free", "")
        + Turns("elsewhere", "lock: another");

    [Fact]
    public async Task They_run_one_at_a_time_in_the_order_accepted_over_all()
    {
        string[] services = ["one", "two", "two", "three", "one", "two", "three"];
        var ids = new List<string>();
        foreach (var service in services)
        {
            ids.Add((await Server.DeployAtOnceAsync(service)).Json.GetProperty("id").GetString()!);
        }

        var last = (await Server.AskAsync($"/deployments/{ids[^1]}")).Json;
        var refused = await Server.DeployAtOnceAsync("picky");
        var free = await Server.DeployAtOnceAsync("free");
        var elsewhere = await Server.DeployAtOnceAsync("elsewhere");
        Server.Workspace.TouchSite("go");

        await Server.EndOfAsync(ids[^1]);
        await Server.EndOfAsync(free.Json.GetProperty("id").GetString()!);
        await Server.EndOfAsync(elsewhere.Json.GetProperty("id").GetString()!);
        Assert.Equal(
            string.Concat(ids.Select(id => string.Create(CultureInfo.InvariantCulture, $"begin {id}\nend {id}\n"))),
            Server.Workspace.ReadSite("host")
        );
        Assert.Equal(5, last.GetProperty("queuedAhead").GetInt32());
        Assert.Equal((409, ids[0]), (refused.Status, refused.Json.GetProperty("id").GetString()));
        Assert.Equal("running", free.Json.GetProperty("status").GetString());
        Assert.Equal("running", elsewhere.Json.GetProperty("status").GetString());
    }

    private static string Turns(string name, string keys)
    {
        var file = keys.Contains("host", StringComparison.Ordinal) ? "host" : name;
        return ServiceYaml.With(
            name,
            keys,
            $"echo begin $DEPLOYMENT_ID >> {file}; until [ -e go ]; do sleep 0.02; done; echo end $DEPLOYMENT_ID >> {file}"
        );
    }
}
