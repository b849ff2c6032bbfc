using ThinDeployer.Shell;
using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>Reads <c>verify</c>.</summary>
/// <param name="steps">Reads the commands of a service.</param>
internal sealed class VerifyReader(StepPlanReader steps)
{
    private const int DefaultRetries = 10;
    private const int MaximumRetries = 1_000;
    private const int Ok = 200;
    private const int LowestStatus = 100;
    private const int HighestStatus = 599;

    private static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="service">All keys.</param>
    internal List<StepPlan> Read(MapReader service) =>
        [
            .. service
                .List("verify")
                .Select(item =>
                    item is YamlMap map
                        ? Check(new MapReader(map, service.Context))
                        : Mistake(
                            service.Context,
                            item.Place,
                            "a check of \"verify\" must be a map with \"url\" or \"run\""
                        )
                )
                .OfType<StepPlan>(),
        ];

    /// <param name="keys">Of one check.</param>
    internal StepPlan? Check(MapReader keys)
    {
        var check = UrlOf(keys);
        var command = keys.Node("run") is YamlText text ? steps.Command(text) : null;
        var plan = new StepPlan(
            command ?? CommandTemplate.Parse(""),
            Folder: null,
            StepVariables.None,
            keys.Duration("timeout", DefaultTimeout, Shortest, Longest),
            keys.Integer("retries", DefaultRetries, 0, MaximumRetries),
            keys.Duration("delay", DefaultDelay, Shortest, Longest),
            ContinueOnError: false,
            RunAs: null,
            Umask: null
        )
        {
            Url = check,
        };
        keys.Finish();
        return (keys.Node("url"), keys.Node("run")) switch
        {
            (null, null) => Mistake(
                keys.Context,
                keys.Place,
                "a check has neither \"url\" nor \"run\"; write one of them"
            ),
            (not null, { } run) => Mistake(
                keys.Context,
                run.Place,
                "a check has both \"url\" and \"run\"; make two checks of it"
            ),
            (null, not (null or YamlText) and { } run) => Mistake(keys.Context, run.Place, "\"run\" must be a command"),
            _ => check is null && command is null ? null : plan,
        };
    }

    /// <summary>Null where there is none, or it can't be used.</summary>
    private static UrlCheck? UrlOf(MapReader keys)
    {
        var url = keys.Text("url");
        var status = keys.Integer("status", Ok, LowestStatus, HighestStatus);
        var contains = keys.Text("contains");
        if (keys.Node("url") is not { } node)
        {
            foreach (var key in (string[])["status", "contains"])
            {
                if (keys.Node(key) is { } stray && keys.Has("run"))
                {
                    keys.Context.Mistake(stray.Place, $"\"{key}\" goes with \"url\", not with \"run\"");
                }
            }

            return null;
        }

        if (url is not null && HttpAddress.TryParse(url, out var address) && address.UserInfo.Length == 0)
        {
            return new UrlCheck(address, ((YamlText)node).Text, status, contains);
        }

        if (url is not null || node is YamlText { Text.Length: 0 })
        {
            keys.Context.Mistake(
                node.Place,
                "\"url\" must be an address that begins with http:// or https://, without a user"
            );
        }

        return null;
    }

    private static StepPlan? Mistake(ReadingContext context, Place place, string message)
    {
        context.Mistake(place, message);
        return null;
    }
}
