using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ThinDeployer.Configuration;
using ThinDeployer.Forges;
using ThinDeployer.Gates;
using ThinDeployer.Identities;
using ThinDeployer.Notifications;
using ThinDeployer.Rollouts;
using ThinDeployer.Schedules;
using ThinDeployer.Security;
using ThinDeployer.Steps;
using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Diagnosis;

/// <summary>
/// The JSON Schema (draft-07, which the YAML language server reads) of a configuration. The keys and most of their values
/// are what the readers themselves ask for, so it can't know another key than they do.
/// </summary>
internal static class ConfigurationSchema
{
    private const string Filled = @"\$\{";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The whole schema, with a line end.</summary>
    internal static string ToJson()
    {
        var service = Object(ServiceKeys());
        service["anyOf"] = new JsonArray(
            Required("include"),
            Required("token", "pwd", "commands"),
            Required("token_file", "pwd", "commands"),
            Required("signature", "pwd", "commands"),
            Required("identity", "pwd", "commands"),
            Required("token", "machines"),
            Required("token_file", "machines"),
            Required("signature", "machines"),
            Required("identity", "machines")
        );
        var step = Object(StepKeys());
        step["required"] = new JsonArray("run");
        var notify = Object(NotifyKeys());
        notify["required"] = new JsonArray("to");
        var schedule = Object(ScheduleKeys());
        schedule["required"] = new JsonArray("cron");
        var verify = Object(CheckKeys());
        verify["oneOf"] = new JsonArray(Required("url"), Required("run"));
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Thin Deployer: services, and what deploys them",
            ["type"] = "object",
            ["patternProperties"] = new JsonObject
            {
                ["^x-"] = new JsonObject(),
                ["^(?!x-)[A-Za-z0-9._-]{1,128}$"] = Reference("service"),
            },
            ["additionalProperties"] = false,
            ["definitions"] = new JsonObject
            {
                ["service"] = service,
                ["step"] = new JsonObject { ["anyOf"] = new JsonArray(Text(), step) },
                ["steps"] = new JsonObject { ["type"] = "array", ["items"] = Reference("step") },
                ["notify"] = notify,
                ["schedule"] = schedule,
                ["verify"] = verify,
                ["rule"] = RuleSchema.Rule(),
                ["variable"] = RuleSchema.Variable(),
                ["text"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean", "null") },
            },
        };
        return schema.ToJsonString(Readable) + "\n";
    }

    /// <summary>What the readers of a service ask for when nothing is there.</summary>
    internal static IReadOnlyDictionary<string, KeyShape> ServiceKeys() =>
        Asked(
            (map, context) =>
            {
                var keys = new MapReader(map, context);
                _ = keys.Has("include");
                ConfigurationReader.ReadService("service", map.Place, keys);
            }
        );

    internal static IReadOnlyDictionary<string, KeyShape> StepKeys() =>
        Asked((map, context) => new StepPlanReader(new HashSet<string>(), variables: null, context).Read([map]));

    internal static IReadOnlyDictionary<string, KeyShape> CheckKeys() =>
        Asked(
            (map, context) =>
                new VerifyReader(new StepPlanReader(new HashSet<string>(), variables: null, context)).Check(
                    new MapReader(map, context)
                )
        );

    internal static IReadOnlyDictionary<string, KeyShape> SignatureKeys() =>
        Asked((map, context) => SignatureReader.ReadKeys(new MapReader(map, context)));

    internal static IReadOnlyDictionary<string, KeyShape> IdentityKeys() =>
        Asked((map, context) => IdentityReader.ReadRule(new MapReader(map, context)));

    internal static IReadOnlyDictionary<string, KeyShape> NamedTokenKeys() =>
        Asked((map, context) => TokenSetReader.ReadKeys(new MapReader(map, context), "ci"));

    internal static IReadOnlyDictionary<string, KeyShape> NotifyKeys() =>
        Asked((map, context) => NotifyReader.ReadTarget(new MapReader(map, context)));

    internal static IReadOnlyDictionary<string, KeyShape> ReportKeys() =>
        Asked((map, context) => ReportReader.ReadKeys(new MapReader(map, context), "service"));

    internal static IReadOnlyDictionary<string, KeyShape> ApprovalKeys() =>
        Asked((map, context) => GateReader.ReadApproval(new MapReader(map, context), []));

    internal static IReadOnlyDictionary<string, KeyShape> WindowKeys() =>
        Asked((map, context) => GateReader.ReadTimes(new MapReader(map, context), isAllowed: true));

    internal static IReadOnlyDictionary<string, KeyShape> RolloutKeys() =>
        Asked((map, context) => RolloutReader.ReadKeys(new MapReader(map, context), names: null));

    private static JsonObject Window()
    {
        var flat = WindowKeys().ToDictionary(key => key.Key, key => SchemaOf(key.Key, key.Value));
        var both = new JsonObject { ["<<"] = new JsonObject() };
        foreach (var word in (string[])["allow", "deny"])
        {
            both[word] = new JsonObject { ["anyOf"] = new JsonArray(Object(WindowKeys()), Boolean()) };
        }

        foreach (var (key, shape) in flat)
        {
            both[key] = shape;
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = both,
            ["additionalProperties"] = false,
            ["anyOf"] = new JsonArray(Required("allow"), Required("deny")),
        };
    }

    internal static IReadOnlyDictionary<string, KeyShape> ScheduleKeys() =>
        Asked(
            (map, context) =>
            {
                var unheard = new MapReader(map, context with { Asked = null });
                var plan = ConfigurationReader.ReadService("service", map.Place, unheard).Plan;
                new ScheduleReader(declared: null, plan).ReadOne(new MapReader(map, context));
            }
        );

    internal static IReadOnlyDictionary<string, KeyShape> SmtpKeys() =>
        Asked((map, context) => MailReader.Server(new MapReader(map, context), [], ""));

    /// <summary>Keys that their readers look at themselves.</summary>
    internal static IReadOnlyDictionary<string, Func<JsonNode>> OwnShapes { get; } =
        new Dictionary<string, Func<JsonNode>>(StringComparer.Ordinal)
        {
            ["token"] = () =>
                new JsonObject
                {
                    ["anyOf"] = new JsonArray(
                        Text(),
                        new JsonObject
                        {
                            ["type"] = "array",
                            ["items"] = Text(),
                            ["minItems"] = 1,
                        },
                        new JsonObject
                        {
                            ["type"] = "object",
                            ["additionalProperties"] = new JsonObject
                            {
                                ["anyOf"] = new JsonArray(Text(), NamedToken()),
                            },
                            ["minProperties"] = 1,
                        }
                    ),
                },
            ["claims"] = () =>
                new JsonObject
                {
                    ["type"] = "object",
                    ["additionalProperties"] = new JsonObject { ["anyOf"] = new JsonArray(Text(), List(Text())) },
                    ["minProperties"] = 1,
                },
            ["value"] = Text,
            ["file"] = Text,
            ["may"] = () =>
                List(
                    new JsonObject { ["enum"] = new JsonArray([.. RightsReader.Names.Select(word => (JsonNode)word)]) }
                ),
            ["token_file"] = Text,
            ["secret_file"] = Text,
            ["secret"] = () =>
                new JsonObject
                {
                    ["anyOf"] = new JsonArray(
                        Text(),
                        new JsonObject
                        {
                            ["type"] = "array",
                            ["items"] = Text(),
                            ["minItems"] = 1,
                        }
                    ),
                },
            ["signature"] = () =>
            {
                var signature = Object(SignatureKeys());
                signature["required"] = new JsonArray("sender");
                return signature;
            },
            ["environment"] = () =>
                new JsonObject
                {
                    ["type"] = "object",
                    ["additionalProperties"] = new JsonObject { ["anyOf"] = new JsonArray(Text(), SecretText()) },
                },
            ["report"] = () =>
            {
                var report = Object(ReportKeys());
                report["required"] = new JsonArray("forge", "repository");
                return report;
            },
            ["approval"] = () => Object(ApprovalKeys()),
            ["machines"] = () => OneOrList(Machine()),
            ["rollout"] = () => Object(RolloutKeys()),
            ["batch"] = () => OneOrList(Batch()),
            ["smtp"] = () =>
            {
                var smtp = Object(SmtpKeys());
                smtp["required"] = new JsonArray("host");
                return smtp;
            },
            ["commands"] = () => Reference("steps"),
            ["run"] = Text,
            ["run_as"] = Text,
            ["include"] = Text,
            ["when"] = () => Reference("rule"),
            ["variables"] = () =>
                new JsonObject { ["type"] = "object", ["additionalProperties"] = Reference("variable") },
        };

    private static Dictionary<string, KeyShape> Asked(Action<YamlMap, ReadingContext> read)
    {
        var asked = new Dictionary<string, KeyShape>(StringComparer.Ordinal);
        var context = new ReadingContext(new Problems(), "service", _ => null, "/")
        {
            Asked = (key, shape) =>
            {
                if (shape is not KeyShape.Own || !asked.ContainsKey(key))
                {
                    asked[key] = shape;
                }
            },
        };
        read(new YamlMap(Place.StartOf("schema"), []), context);
        return asked;
    }

    private static JsonObject Object(IReadOnlyDictionary<string, KeyShape> keys)
    {
        var properties = new JsonObject { ["<<"] = new JsonObject() };
        foreach (var (key, shape) in keys)
        {
            properties[key] = SchemaOf(key, shape);
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    private static JsonNode SchemaOf(string key, KeyShape shape) =>
        shape switch
        {
            KeyShape.Text when key == "pause" => OrFilled(Pattern("^(manual|[0-9]+(ms|s|m|h|d))$")),
            KeyShape.Text => Text(),
            KeyShape.Boolean => Boolean(),
            KeyShape.Integer(var minimum, var maximum) => OrFilled(
                new JsonObject
                {
                    ["type"] = "integer",
                    ["minimum"] = minimum,
                    ["maximum"] = maximum,
                }
            ),
            KeyShape.Duration => OrFilled(Pattern("^[0-9]+(ms|s|m|h|d)$")),
            KeyShape.Size => OrFilled(Pattern("^[0-9]+(B|KiB|MiB|GiB)$")),
            // Editors take an unquoted 022 for a number.
            KeyShape.FileMask => OrFilled(
                Pattern("^0?[0-7]{1,3}$"),
                new JsonObject
                {
                    ["type"] = "integer",
                    ["minimum"] = 0,
                    ["maximum"] = 777,
                }
            ),
            KeyShape.Choice(var words) => OrFilled(
                new JsonObject { ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) }
            ),
            KeyShape.List when key is "inherit_environment" or "recipients" or "by" or "skip_marks" => List(Text()),
            KeyShape.List when key is "days" or "then" => new JsonObject
            {
                ["anyOf"] = new JsonArray(Text(), List(Text())),
            },
            KeyShape.List when key == "windows" => List(Window()),
            KeyShape.List when key == "on" => List(
                new JsonObject { ["enum"] = new JsonArray([.. NewsEvents.Names.Select(word => (JsonNode)word)]) }
            ),
            KeyShape.List when key is "notify" or "schedule" or "verify" => List(Reference(key)),
            KeyShape.List when key == "identity" => List(Identity()),
            KeyShape.List => Reference("steps"),
            KeyShape.Texts => new JsonObject { ["type"] = "object", ["additionalProperties"] = Text() },
            _ => OwnShapes[key](),
        };

    private static JsonObject List(JsonNode items) => new() { ["type"] = "array", ["items"] = items };

    internal static JsonObject Boolean() =>
        OrFilled(
            new JsonObject { ["type"] = "boolean" },
            Pattern("^([Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF|[Tt]rue|TRUE|[Ff]alse|FALSE)$")
        );

    private static JsonObject OrFilled(params JsonNode[] shapes) =>
        new() { ["anyOf"] = new JsonArray([.. shapes, Pattern(Filled)]) };

    private static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    internal static JsonObject Text() => Reference("text");

    internal static JsonObject Reference(string definition) => new() { ["$ref"] = $"#/definitions/{definition}" };

    private static JsonObject OneOrList(JsonObject one) =>
        new()
        {
            ["anyOf"] = new JsonArray(
                one,
                new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = one.DeepClone(),
                    ["minItems"] = 1,
                }
            ),
        };

    private static JsonObject Machine() =>
        OrFilled(Pattern("^[a-z0-9][a-z0-9._-]{0,62}$"), new JsonObject { ["type"] = "integer", ["minimum"] = 0 });

    private static JsonObject Batch() =>
        OrFilled(
            Pattern("^[0-9]+%?$"),
            new JsonObject
            {
                ["type"] = "integer",
                ["minimum"] = 1,
                ["maximum"] = 1_000,
            }
        );

    private static JsonObject Identity()
    {
        var identity = Object(IdentityKeys());
        identity["required"] = new JsonArray("issuer", "audience", "claims");
        return identity;
    }

    private static JsonObject NamedToken()
    {
        var token = Object(NamedTokenKeys());
        token["oneOf"] = new JsonArray(Required("value"), Required("file"));
        return token;
    }

    private static JsonObject SecretText() =>
        new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["secret"] = Text() },
            ["required"] = new JsonArray("secret"),
            ["additionalProperties"] = false,
        };

    internal static JsonObject Required(params string[] keys) =>
        new() { ["required"] = new JsonArray([.. keys.Select(key => (JsonNode)key)]) };
}
