using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>
/// The texts of a file that may be shown: keys, and values that are known to be no secrets. Where a text belongs is taken
/// from the tree and not from the look of its line, because a token may look like anything, <c>run: x</c> included.
/// </summary>
internal sealed class ShownTexts
{
    /// <summary>Keys whose values are no secrets. A key that is misspelt is none of them.</summary>
    private static readonly HashSet<string> SafeKeys = new(StringComparer.Ordinal)
    {
        "include",
        "token_file",
        "token_header",
        "sender",
        "secret_file",
        "issuer",
        "audience",
        "claims",
        "name",
        "allow_get",
        "header",
        "algorithm",
        "encoding",
        "pwd",
        "commands",
        "run",
        "status",
        "contains",
        "delay",
        "on_failure",
        "on_success",
        "request_regexp",
        "when",
        "all",
        "any",
        "not",
        "header",
        "query",
        "json",
        "address",
        "changed",
        "matches",
        "exists",
        "choices",
        "allow_dash",
        "skip_marks",
        "inherit_environment",
        "run_as",
        "umask",
        "parallel",
        "when_busy",
        "max_queued",
        "lock",
        "respond",
        "timeout",
        "stop_grace",
        "max_output",
        "retries",
        "retry_delay",
        "continue_on_error",
        "keep",
        "keep_deliveries",
        "use_notification",
        "notification_group",
        "to",
        "forge",
        "api",
        "repository",
        "context",
        "on",
        "output",
        "text",
        "url_file",
        "recipients",
        "from",
        "host",
        "port",
        "tls",
        "password_file",
        "by",
        "count",
        "self",
        "days",
        "time_zone",
        "when_closed",
        "then",
        "cron",
        "missed",
        "machines",
        "batch",
        "pause",
        "max_failures",
        "unavailable",
        "expire",
    };

    private static readonly HashSet<string> KeysWithNames = new(StringComparer.Ordinal)
    {
        "environment",
        "token",
        "vars",
        "variables",
    };

    /// <summary>Maps of keys; as a text, one of them may be a secret at the wrong place.</summary>
    private static readonly HashSet<string> KeysWithKeys = new(StringComparer.Ordinal)
    {
        "signature",
        "identity",
        "notify",
        "smtp",
        "report",
        "approval",
        "windows",
        "allow",
        "deny",
        "schedule",
        "verify",
        "rollout",
    };

    private readonly Dictionary<Place, YamlText> _shown = [];
    private readonly HashSet<Place> _hidden = [];

    /// <param name="root">Null where the text is no YAML: nothing of it is known.</param>
    internal ShownTexts(YamlMap? root)
    {
        foreach (var entry in root?.Entries ?? [])
        {
            Show(entry.Key);
            if (entry.Value is YamlMap map)
            {
                Keys(map);
            }
        }
    }

    internal static bool IsKnownKey(string key) =>
        SafeKeys.Contains(key) || KeysWithNames.Contains(key) || KeysWithKeys.Contains(key);

    /// <summary>Those that begin in a line, from left to right.</summary>
    internal IReadOnlyList<YamlText> In(int line) =>
        [
            .. _shown
                .Values.Where(text => text.Place.Line == line && !_hidden.Contains(text.Place))
                .OrderBy(text => text.Place.Column),
        ];

    private void Keys(YamlMap map)
    {
        foreach (var (key, value) in map.Entries)
        {
            Show(key);
            if (SafeKeys.Contains(key.Text))
            {
                Value(value);
            }
            else if (KeysWithNames.Contains(key.Text) && value is YamlMap named)
            {
                Names(named, hasTokens: key.Text == "token");
            }
            else if (KeysWithKeys.Contains(key.Text) && value is YamlMap keys)
            {
                Keys(keys);
            }
            else if (KeysWithKeys.Contains(key.Text) && value is YamlList list)
            {
                Maps(list);
            }
            else
            {
                Hide(value);
            }
        }
    }

    private void Maps(YamlList list)
    {
        foreach (var item in list.Items)
        {
            if (item is YamlMap map)
            {
                Keys(map);
            }
            else
            {
                Hide(item);
            }
        }
    }

    private void Value(YamlNode node)
    {
        switch (node)
        {
            case YamlText text:
                Show(text);
                break;
            case YamlMap step:
                Keys(step);
                break;
            case YamlList list:
                foreach (var item in list.Items)
                {
                    Value(item);
                }

                break;
        }
    }

    private void Names(YamlMap map, bool hasTokens)
    {
        foreach (var (key, value) in map.Entries)
        {
            if (hasTokens && value is YamlMap token)
            {
                Show(key);
                Token(token);
                continue;
            }

            Hide(value);
            // A token in braces is read as a name without a value.
            if (value is YamlText { IsNothing: true })
            {
                Hide(key);
            }
            else
            {
                Show(key);
            }
        }
    }

    /// <summary>A token in braces is read as a key without a value, so only known keys are shown.</summary>
    private void Token(YamlMap map)
    {
        foreach (var (key, value) in map.Entries)
        {
            if (key.Text is "may" or "until" or "file")
            {
                Show(key);
                Value(value);
            }
            else if (key.Text is "value")
            {
                Show(key);
                Hide(value);
            }
            else
            {
                Hide(key);
                Hide(value);
            }
        }
    }

    private void Show(YamlText text) => _shown.TryAdd(text.Place, text);

    /// <summary>What an alias shows elsewhere stays hidden too.</summary>
    private void Hide(YamlNode node)
    {
        _hidden.Add(node.Place);
        switch (node)
        {
            case YamlList list:
                foreach (var item in list.Items)
                {
                    Hide(item);
                }

                break;
            case YamlMap map:
                foreach (var (key, value) in map.Entries)
                {
                    Hide(key);
                    Hide(value);
                }

                break;
        }
    }
}
