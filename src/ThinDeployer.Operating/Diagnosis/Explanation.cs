using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Gates;
using ThinDeployer.Http;
using ThinDeployer.Notifications;
using ThinDeployer.Rollouts;
using ThinDeployer.Rules;
using ThinDeployer.Schedules;
using ThinDeployer.Security;
using ThinDeployer.Shell;
using ThinDeployer.Steps;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>What a service is after defaults and includes, who its steps run as, and what they get.</summary>
public sealed class Explanation
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly ServiceConfiguration _service;

    private readonly TimeProvider _time;

    internal Explanation(ServiceConfiguration service, TimeProvider time) => (_service, _time) = (service, time);

    /// <summary>Null for a service that is not configured; <paramref name="reason"/> then says so, and what was meant.</summary>
    /// <param name="settings">Name the configuration, which must be good.</param>
    /// <param name="name">Of the service.</param>
    /// <param name="reason">A sentence, or empty.</param>
    public static Explanation? Of(ServerSettings settings, string name, out string reason) =>
        Find(settings, name, out reason) is { } service ? new Explanation(service, TimeProvider.System) : null;

    /// <summary>As <see cref="Of"/>, the service itself.</summary>
    internal static ServiceConfiguration? Find(ServerSettings settings, string name, out string reason)
    {
        var services = LoadedConfiguration.Load(settings).Snapshot.Services;
        if (services.TryGetValue(name, out var service))
        {
            reason = "";
            return service;
        }

        reason = NearestName.Of(name, services.Keys) is { } nearest
            ? $"there is no service {Quote.Of(name)}; did you mean {Quote.Of(nearest)}?"
            : $"there is no service {Quote.Of(name)}; there are: {string.Join(", ", services.Keys.Order())}";
        return null;
    }

    public string ToJson() => Json(ToTree());

    /// <summary>The same, indented, for a person.</summary>
    public string ToText() => Text(ToTree());

    internal static string Json(JsonObject tree) => tree.ToJsonString(Readable);

    /// <summary>Lines of <c>name: value</c>; what is empty is left out.</summary>
    internal static string Text(JsonObject tree)
    {
        var text = new StringBuilder();
        Write(text, tree, indent: "");
        return text.ToString().TrimEnd('\n');
    }

    private JsonObject ToTree()
    {
        var plan = _service.Plan;
        var now = _time.GetUtcNow();
        return new JsonObject
        {
            ["service"] = _service.Name,
            ["defined"] = _service.DefinedAt.ToString(),
            ["tokens"] = new JsonArray([
                .. _service.Credentials.Tokens.Tokens.Select(token => (JsonNode)Described(token)),
            ]),
            ["token_header"] = _service.Credentials.TokenHeader,
            ["signature"] = _service.Credentials.Signature is { } signature
                ? $"{signature.Sender}: {Masking.Stars}"
                : null,
            ["identity"] = new JsonArray([
                .. _service.Credentials.Identities.Select(rule =>
                    (JsonNode)$"{rule}; may {string.Join(", ", RightsReader.NamesOf(Rights.Job))}"
                ),
            ]),
            ["allow_get"] = _service.AllowsGet,
            ["request_regexp"] = _service.Rules.RequestPattern is null ? "every request" : "only what it is found in",
            ["when"] = new JsonArray([
                .. (_service.Rules.When?.WithInner() ?? []).Select(rule => (JsonNode)$"{rule.Where}: {rule.Text}"),
            ]),
            ["skip_marks"] = new JsonArray([.. (_service.Rules.SkipMarks?.Marks ?? []).Select(mark => (JsonNode)mark)]),
            ["variables"] = Variables(_service.Rules.Variables?.Variables ?? []),
            ["pwd"] = plan.Folder,
            ["runs as"] = plan.Common.UserName,
            ["umask"] = FileMask.Written(plan.Common.Umask),
            ["queue"] = Queue(plan.Queue),
            ["limits"] = Limits(plan),
            ["approval"] = Approval(plan.Gate),
            ["windows"] = Windows(plan.Gate, now),
            ["machines"] = Machines(plan.Rollout),
            ["rollout"] = plan.Rollout is { } rollout ? Described(rollout) : null,
            ["then"] = plan.Then.Count > 0 ? string.Join(", ", plan.Then) : null,
            ["notify"] = Told(),
            ["report"] = _service.Report?.ToString() ?? "none",
            ["schedule"] = new JsonArray([.. _service.Schedules.Select(schedule => (JsonNode)Described(schedule))]),
            ["next runs"] = new JsonArray([
                .. _service
                    .NextRuns(now)
                    .Select(due => (JsonNode)due.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)),
            ]),
            ["vars"] = Texts(plan.Defaults, StepVariables.None.Secrets),
            ["environment"] = Texts(
                StepEnvironment.Build(plan.Common, step: null).Where(variable => variable.Value is not null)!,
                plan.Common.Environment.Secrets
            ),
            ["commands"] = Steps(plan.Steps),
            ["verify"] = new JsonArray([.. plan.Verify.Select(check => (JsonNode)Checked(check))]),
            ["on_failure"] = Steps(plan.OnFailure),
            ["on_success"] = Steps(plan.OnSuccess),
        };
    }

    private static JsonObject Queue(QueuePolicy queue) =>
        new()
        {
            ["parallel"] = queue.Parallel,
            ["when_busy"] = queue.WhenBusy.ToString().ToLowerInvariant(),
            ["max_queued"] = queue.MaximumWaiting,
            ["lock"] = queue.Lock,
            ["respond"] = queue.AnswersAtOnce ? "accepted" : "wait",
        };

    private static JsonObject Limits(DeploymentPlan plan) =>
        new()
        {
            ["timeout"] = Scalars.Written(plan.Limits.Timeout),
            ["stop_grace"] = Scalars.Written(plan.Limits.StopGrace),
            ["max_output"] = Size(plan.Limits.MaximumOutput),
            ["keep"] = plan.Keep,
        };

    private static string? Approval(GatePlan gate) =>
        gate.Approval is { } approval
            ? $"{approval.Count} by {(approval.By.Count > 0 ? string.Join(" or ", approval.By) : "who may")}, within "
                + Scalars.Written(approval.Timeout)
                + (approval.AllowsSelf ? ", also by who started it" : "")
            : null;

    private static string? Windows(GatePlan gate, DateTimeOffset now)
    {
        if (gate.Windows.IsAlways)
        {
            return null;
        }

        return (
                gate.Windows.NextOpening(now) switch
                {
                    null => "never open, as far as can be seen",
                    var at when at == now => "open now",
                    var at => $"closed until {DeploymentJson.TimeOf(at)}",
                }
            ) + (gate.RefusesWhenClosed ? "; refuses meanwhile" : "");
    }

    private static string? Machines(RolloutPlan? rollout) =>
        rollout is null ? null
        : rollout.Machines is { } names ? string.Join(", ", names)
        : "all";

    private static JsonObject Described(RolloutPlan rollout) =>
        new()
        {
            ["batch"] = string.Join(", ", rollout.Batches),
            ["pause"] = rollout.IsManual ? "manual" : Scalars.Written(rollout.Pause),
            ["max_failures"] = rollout.MaximumFailures,
            ["unavailable"] = rollout.Unavailable.ToString().ToLowerInvariant(),
            ["expire"] = Scalars.Written(rollout.Expire),
        };

    private JsonArray Told() =>
        new([
            .. _service.Notify.Select(target =>
                (JsonNode)$"{target.Name}: {string.Join(", ", target.On.Order().Select(NewsEvents.Name))}"
            ),
        ]);

    private JsonObject Described(Schedule schedule) =>
        new()
        {
            ["cron"] = schedule.Cron,
            ["time_zone"] = schedule.Zone.Id,
            ["missed"] = schedule.MakesUp ? "run" : "skip",
            ["variables"] = Texts(schedule.Values, StepVariables.None.Secrets),
        };

    private static string Described(Token token)
    {
        var length = token.Length is { } known
            ? string.Create(CultureInfo.InvariantCulture, $"{known} characters")
            : "known by its digest";
        var end = token.Until is { } until ? $", until {until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "";
        return $"{token.Name ?? "unnamed"}: {Masking.Stars} ({length}); may {string.Join(", ", RightsReader.NamesOf(token.May))}{end}";
    }

    private static JsonObject Variables(IEnumerable<Variable> variables)
    {
        var result = new JsonObject();
        foreach (var variable in variables)
        {
            var pattern = variable.Pattern is null ? "" : $", {variable.Pattern.Source}";
            var choices = variable.Choices is null ? "" : $"; one of {variable.Choices}";
            var byDefault = variable.Default is null ? "" : "; has a default";
            result[variable.Name] = $"{variable.Source}{pattern}{choices}{byDefault}";
        }

        return result;
    }

    private static string Size(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB"];
        var unit = 0;
        while (unit < units.Length - 1 && bytes % 1024 == 0)
        {
            bytes /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes}{units[unit]}");
    }

    /// <param name="texts">By name.</param>
    /// <param name="secrets">Names of those that are secret whatever they are called.</param>
    private JsonObject Texts(IEnumerable<KeyValuePair<string, string>> texts, IReadOnlySet<string> secrets)
    {
        var result = new JsonObject();
        foreach (var (name, value) in texts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            result[name] = secrets.Contains(name)
                ? Masking.Stars
                : Masking.Variable(name, _service.Plan.Secrets.Masked(value));
        }

        return result;
    }

    private JsonArray Steps(IReadOnlyList<StepPlan> steps) => new([.. steps.Select(step => (JsonNode)Described(step))]);

    private JsonObject Checked(StepPlan check)
    {
        var result = check.Url is null
            ? Described(check)
            : new JsonObject
            {
                ["url"] = _service.Plan.Secrets.Masked(check.Url.Written),
                ["status"] = check.Url.Status,
                ["contains"] = check.Url.Text is { } text ? _service.Plan.Secrets.Masked(text) : null,
                ["timeout"] = Scalars.Written(check.Timeout!.Value),
                ["retries"] = check.Retries.ToString(CultureInfo.InvariantCulture),
            };
        result["delay"] = Scalars.Written(check.RetryDelay);
        return result;
    }

    private JsonObject Described(StepPlan step)
    {
        var result = new JsonObject { ["run"] = _service.Plan.Secrets.Masked(step.Source) };
        AddIf("pwd", step.Folder);
        AddIf("runs as", step.RunAs?.Name);
        AddIf("umask", step.Umask is { } mask ? FileMask.Written(mask) : null);
        AddIf("timeout", step.Timeout is { } limit ? Scalars.Written(limit) : null);
        AddIf("retries", step.Retries > 0 ? step.Retries.ToString(CultureInfo.InvariantCulture) : null);
        AddIf("continue_on_error", step.ContinueOnError ? "true" : null);
        if (step.Environment.Values.Count > 0)
        {
            result["environment"] = Texts(step.Environment.Values, step.Environment.Secrets);
        }

        if (step.Command.Placeholders.Count > 0)
        {
            result["placeholders"] = Placeholders(step.Command);
        }

        return result;

        void AddIf(string name, string? value)
        {
            if (value is not null)
            {
                result[name] = value;
            }
        }
    }

    private JsonObject Placeholders(CommandTemplate command)
    {
        var result = new JsonObject();
        var declared = _service.Rules.Variables?.Alphabets;
        var readAgain = SecondLevel
            .Known.Find(command)
            .Where(use => use.Reader.TakesCode(use.Placeholder.Name, declared))
            .ToDictionary(use => use.Placeholder.Index);
        foreach (var sites in command.Sites.GroupBy(site => site.Placeholder.Name, StringComparer.Ordinal))
        {
            var places = sites.Select(site => Described(site, readAgain.GetValueOrDefault(site.Placeholder.Index)));
            result[$"%{sites.Key}%"] = string.Join("; elsewhere ", places.Distinct()) + WithoutValue(command, sites);
        }

        return result;
    }

    /// <summary>What happens where a request gives no value; nothing for what never gets one, or is not missed.</summary>
    private string WithoutValue(CommandTemplate command, IGrouping<string, PlaceholderSite> sites)
    {
        if (_service.Plan.Defaults.ContainsKey(sites.Key))
        {
            return "; has a default";
        }

        return sites.All(site =>
                site.Placeholder.Refusal is not null || FormatDirective.Holds(command.Source, site.Placeholder)
            )
            || _service.Plan.Variables?.Contains(sites.Key) == true
                ? ""
            : _service.Plan.Variables is null ? "; stays as written where a request does not give it"
            : "; but stays as written, because \"variables\" does not declare it";
    }

    private static string Described(PlaceholderSite site, SecondLevelUse? readAgain) =>
        site.Placeholder.Refusal is { } refusal
            ? $"stays as written: it stands {refusal}"
            : Words(site.Quoting) + (readAgain is null ? "" : $", but {readAgain.Reader.Name} reads it as code again");

    private static string Words(Quoting quoting) =>
        quoting switch
        {
            Quoting.Single => "filled in, in single quotes",
            Quoting.Double => "filled in, in double quotes",
            _ => "filled in, as one word",
        };

    private static void Write(StringBuilder text, JsonNode node, string indent)
    {
        foreach (var (name, value) in node.AsObject())
        {
            switch (value)
            {
                case JsonObject { Count: > 0 } inner:
                    text.Append(indent).Append(name).Append(":\n");
                    Write(text, inner, indent + "  ");
                    break;
                case JsonArray { Count: > 0 } items:
                    text.Append(indent).Append(name).Append(":\n");
                    WriteItems(text, items, indent);
                    break;
                case JsonObject or JsonArray or null:
                    break;
                default:
                    text.Append(indent).Append(name).Append(": ").Append(Line(value)).Append('\n');
                    break;
            }
        }
    }

    private static void WriteItems(StringBuilder text, JsonArray items, string indent)
    {
        foreach (var item in items)
        {
            if (item is JsonObject inner)
            {
                var block = new StringBuilder();
                Write(block, inner, indent + "    ");
                text.Append(indent).Append("  - ").Append(block.ToString().TrimStart(' '));
            }
            else
            {
                text.Append(indent).Append("  - ").Append(Line(item)).Append('\n');
            }
        }
    }

    private static string Line(JsonNode? value) =>
        (value?.ToString() ?? "").TrimEnd('\n').Replace("\n", "\n      ", StringComparison.Ordinal);
}
