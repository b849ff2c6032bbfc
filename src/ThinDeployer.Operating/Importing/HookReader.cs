using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Importing;

/// <summary>Reads one hook (docs/Hook-Definition.md of webhook).</summary>
internal sealed class HookReader
{
    /// <summary>What has no equivalent, before which key of ours it is told, and what there is instead.</summary>
    private static readonly (string Key, string At, string Instead)[] WithoutEquivalent =
    [
        ("response-message", "respond", "the answer is JSON with the id and the status of the deployment"),
        ("response-headers", "respond", "let a reverse proxy add headers"),
        ("success-http-response-code", "respond", "success is 202"),
        ("trigger-rule-mismatch-http-response-code", "when", "a request that does not match is answered by 200"),
        ("incoming-payload-content-type", "when", "the Content-Type of the request itself counts"),
        ("keep-file-environment", "commands", "files that are made for the command are removed at its end"),
    ];

    private readonly HookKeys _keys;
    private readonly List<Told> _told = [];

    private HookReader(HookKeys keys) => _keys = keys;

    /// <summary>Null after a mistake.</summary>
    internal static Hook? Read(YamlNode node, HookFile file)
    {
        if (node is not YamlMap map)
        {
            file.Problems.Mistake(node.Place, service: null, "a hook must be a map of its keys");
            return null;
        }

        var id = new HookKeys(map, file, hook: null).Text("id")?.Shown;
        return new HookReader(new HookKeys(map, file, id is null ? null : Quote.Escaped(id))).Read();
    }

    private Hook? Read()
    {
        var id = Required("id");
        var command = Required("execute-command");
        foreach (var (key, at, instead) in WithoutEquivalent)
        {
            if (_keys.PlaceOf(key) is { } place)
            {
                _told.Add(new Told(Gravity.Loss, place, at, $"{Quote.Of(key)}; {instead}"));
            }
        }

        var hook = new Hook(_keys.Place, id?.Shown ?? "", command ?? new HookText(_keys.Place, []))
        {
            Folder = _keys.Text("command-working-directory") is { Parts.Count: > 0 } folder ? folder : null,
            Arguments = Values("pass-arguments-to-command"),
            Environment = Values("pass-environment-to-command"),
            Files = Values("pass-file-to-command"),
            Embedded = Values("parse-parameters-as-json"),
            Rule = new HookRuleReader(_told, "when").Read(_keys, "trigger-rule"),
            WantsOutput = _keys.Boolean("include-command-output-in-response"),
            WantsOutputOfFailures = _keys.Boolean("include-command-output-in-response-on-error"),
            ToleratesSignatures = _keys.Boolean("trigger-signature-soft-failures"),
            ContentType = _keys.Text("incoming-payload-content-type")?.Literal,
            Methods =
            [
                .. _keys.List("http-methods").OfType<YamlText>().Select(item => item.Text.Trim().ToUpperInvariant()),
            ],
            MethodsPlace = _keys.PlaceOf("http-methods"),
            Told = _told,
        };
        new HookRuleReader(_told, "pwd").TellUnknown(_keys);
        return id is null || command is null ? null : hook;
    }

    private HookText? Required(string key)
    {
        if (_keys.Text(key) is { Parts.Count: > 0 } text)
        {
            return text;
        }

        _keys.Mistake(_keys.Place, $"{Quote.Of(key)} is missing; every hook of webhook has one");
        return null;
    }

    private List<HookValue> Values(string key) => [.. _keys.Maps(key).Select(new HookRuleReader(_told, At(key)).Value)];

    private static string At(string key) => key == "parse-parameters-as-json" ? "when" : "commands";
}
