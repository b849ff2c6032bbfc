using System.Buffers;

namespace ThinDeployer.Operating.Importing;

/// <summary>Finds where a value that a hook names stands for our rules and variables.</summary>
internal sealed class HookSources(Hook hook)
{
    /// <summary>UTF-16 units of a path; our own limit.</summary>
    private const int LongestPath = 1_024;

    private const string NoHeader = "a header of that name never reached webhook";
    private const string InJson = "a value within JSON that is not the body";

    private static readonly SearchValues<char> HeaderCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>Go keeps these apart from the headers that webhook looks at.</summary>
    private static readonly string[] KeptApart = ["Host", "Trailer", "Transfer-Encoding"];

    /// <summary>Of a credential, which no variable may carry.</summary>
    private static readonly string[] CredentialHeaders =
    [
        "Authorization",
        "Proxy-Authorization",
        "X-Auth-Token",
        "X-Gitlab-Token",
    ];

    /// <summary>JSON comes as a form's <c>payload=</c>.</summary>
    private readonly bool _hasPayload = hook.Embedded.Any(value =>
        value is { Source: "payload", Name.Literal: "payload" }
    );

    private readonly bool _isForm = hook.ContentType?.Contains("form", StringComparison.OrdinalIgnoreCase) == true;

    private readonly bool _isXml = hook.ContentType?.Contains("xml", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>A place that a rule may look at: its key of ours and its name.</summary>
    internal (string Key, string Name)? OfRule(HookValue value, out string refusal)
    {
        var source = OfVariable(value, out refusal, isForRule: true);
        if (source is ("argument", _))
        {
            refusal = "a rule can't look at a field of a form; let it come in the query";
            return null;
        }

        return source;
    }

    /// <summary>A place that a variable may take its value from.</summary>
    /// <param name="value">As the hook names it.</param>
    /// <param name="refusal">Why there is none.</param>
    /// <param name="isForRule">Rules may look at credentials.</param>
    internal (string Key, string Name)? OfVariable(HookValue value, out string refusal, bool isForRule = false)
    {
        refusal = "the name is made by a template";
        if (value.Name.Literal is not { } name)
        {
            return null;
        }

        if (IsEmbedded(value.Source, name))
        {
            refusal = InJson;
            return null;
        }

        return value.Source switch
        {
            "header" => Header(name, isForRule, out refusal),
            "url" => Query(name, isForRule, out refusal),
            "payload" => Payload(name, out refusal),
            "request" => Refuse(
                "of the request itself, rules can look at its address, and commands at nothing",
                out refusal
            ),
            "entire-headers" or "entire-query" => Refuse("name each value that is needed", out refusal),
            "entire-payload" or "raw-request-body" => Refuse("a rule looks at single values", out refusal),
            _ => Refuse("webhook knows no such source", out refusal),
        };
    }

    private bool IsEmbedded(string source, string name) =>
        hook.Embedded.Any(value =>
            value.Source == source
            && value.Name.Literal is { } embedded
            && !(source == "payload" && embedded == "payload")
            && (name == embedded || name.StartsWith(embedded + ".", StringComparison.Ordinal))
        );

    private static (string, string)? Refuse(string reason, out string refusal)
    {
        refusal = reason;
        return null;
    }

    private static (string, string)? Header(string name, bool isForRule, out string refusal)
    {
        refusal =
            !isForRule && CredentialHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)
                ? "it is a credential, which must not reach a command"
                : NoHeader;
        return
            name.Length == 0
            || name.AsSpan().ContainsAnyExcept(HeaderCharacters)
            || KeptApart.Contains(name, StringComparer.OrdinalIgnoreCase)
            || (!isForRule && CredentialHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
            ? null
            : ("header", name);
    }

    private static (string, string)? Query(string name, bool isForRule, out string refusal)
    {
        refusal = name == "token" ? "it is the credential, which must not reach a command" : "it has no name";
        return name.Length == 0 || (!isForRule && name == "token") ? null
            : isForRule ? ("query", Filled(name))
            : ("argument", Filled(name));
    }

    private (string, string)? Payload(string name, out string refusal)
    {
        refusal = "XML is not read; let the sender post JSON";
        if (_isXml)
        {
            return null;
        }

        if (_hasPayload && name.StartsWith("payload.", StringComparison.Ordinal))
        {
            return Path(name["payload.".Length..], out refusal);
        }

        if (!_hasPayload && !_isForm)
        {
            return Path(name, out refusal);
        }

        refusal = name == "token" ? "it is the credential, which must not reach a command" : "it is a whole JSON text";
        return name.Length == 0 || name is "token" || (_hasPayload && name == "payload")
            ? null
            : ("argument", Filled(name));
    }

    /// <summary>A path of ours; webhook puts a list that is the whole body below <c>root</c>.</summary>
    private static (string, string)? Path(string name, out string refusal)
    {
        var keys = name.Split('.');
        refusal = keys.Any(key => key.StartsWith('#') || key.StartsWith('-'))
            ? "XML is not read; let the sender post JSON"
            : "it is no path to a single value";
        if (keys.Any(key => key.Length == 0 || key[0] is '#' or '-') || keys is ["root"])
        {
            return null;
        }

        var path =
            keys is ["root", var index, ..] && index.All(char.IsAsciiDigit)
                ? string.Join('.', keys[2..].Select(Escaped).Prepend($"[{index}]"))
                : string.Join('.', keys.Select(Escaped));
        return path.Length <= LongestPath ? ("json", Filled(path)) : null;
    }

    private static string Escaped(string key) =>
        key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal);

    private static string Filled(string text) => text.Replace("${", "$${", StringComparison.Ordinal);
}
