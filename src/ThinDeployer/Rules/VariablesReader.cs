using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>Reads a service's <c>variables</c>.</summary>
/// <param name="isName">Whether a text may be a variable's name.</param>
internal sealed class VariablesReader(ReadingContext context, Func<string, bool> isName)
{
    /// <summary>Where a value may come from; a variable has exactly one.</summary>
    internal static readonly string[] Sources = ["argument", "header", "json"];

    private const string Key = "variables";

    /// <summary>Headers that carry a credential, which must not reach a command.</summary>
    private static readonly string[] CredentialHeaders =
    [
        "Authorization",
        "Proxy-Authorization",
        "X-Auth-Token",
        "X-Gitlab-Token",
    ];

    /// <summary>Null where it is absent, or no map.</summary>
    internal static VariableSet? Read(MapReader service, Func<string, bool> isName)
    {
        switch (service.Node(Key))
        {
            case null or YamlText { IsNothing: true }:
                return null;
            case YamlMap map:
                return new VariableSet(new VariablesReader(service.Context, isName).Read(map));
            case var other:
                service.Context.Mistake(
                    other.Place,
                    $"\"{Key}\" must be a map of a name to where its value comes from, such as {{branch: {{json: ref}}}}"
                );
                return null;
        }
    }

    private List<Variable> Read(YamlMap map)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var variables = new List<Variable>();
        foreach (var (key, value) in map.Entries.Select(entry => (entry.Key, entry.Value)))
        {
            CheckName(key, names);
            if (value is not YamlMap keys)
            {
                context.Mistake(
                    value.Place,
                    $"the variable {Quote.Of(key.Text)} must be a map that says where its value comes from: {{argument: …}}, "
                        + "{header: …} or {json: …}"
                );
            }
            else if (ReadOne(key.Text, new MapReader(keys, context)) is { } variable)
            {
                variables.Add(variable);
            }
        }

        return variables;
    }

    private void CheckName(YamlText name, HashSet<string> before)
    {
        if (!isName(name.Text))
        {
            context.Mistake(
                name.Place,
                $"\"{Key}\" names {Quote.Of(name.Text)}, which no placeholder can; use up to 64 letters, digits, \"_\", "
                    + "\".\" or \"-\", and not \"token\""
            );
        }
        else if (!before.Add(name.Text))
        {
            context.Mistake(
                name.Place,
                $"\"{Key}\" has {Quote.Of(name.Text)} twice, in other letters; both would be the same DEPLOY_… in a "
                    + "command's environment"
            );
        }
    }

    private Variable? ReadOne(string name, MapReader keys)
    {
        var source = Source(name, keys);
        var pattern = Pattern(keys);
        var choices = ChoicesReader.Read(keys);
        var byDefault = keys.Node("default") is YamlText text ? Scalars.Interpolated(text, context) : Text(keys);
        var variable = new Variable(
            name,
            source ?? new ValueSource.Argument(name),
            pattern,
            choices,
            byDefault,
            keys.Boolean("allow_dash", byDefault: false)
        );
        ChoicesReader.Check(variable, keys);
        keys.Finish();
        return source is null ? null : variable;
    }

    /// <summary>Makes a mistake of a default that is no text.</summary>
    private static string? Text(MapReader keys) => keys.Text("default");

    private ValueSource? Source(string name, MapReader keys)
    {
        var given = Sources.Where(keys.Has).ToList();
        if (given is not [var source])
        {
            context.Mistake(
                keys.Place,
                $"the variable {Quote.Of(name)} must have exactly one of: {string.Join(", ", Sources)}"
            );
            return null;
        }

        return source switch
        {
            "argument" => Argument(keys),
            "header" => Header(keys),
            _ => Json(keys),
        };
    }

    private ValueSource.Argument? Argument(MapReader keys)
    {
        var name = RuleTexts.Name(keys, "argument");
        if (name == "token")
        {
            context.Mistake(
                keys.Node("argument")!.Place,
                "\"argument\" can't be \"token\": that is the request's credential"
            );
        }

        return name is null ? null : new ValueSource.Argument(name);
    }

    private ValueSource.Header? Header(MapReader keys)
    {
        var name = RuleTexts.HeaderName(keys, "header");
        if (name is not null && CredentialHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            context.Mistake(
                keys.Node("header")!.Place,
                $"\"header\" can't be {Quote.Of(name)}: that is the request's credential"
            );
        }

        return name is null ? null : new ValueSource.Header(name);
    }

    private ValueSource.Json? Json(MapReader keys)
    {
        var path = RuleTexts.Path(keys, "json");
        if (path?.HasAny == true)
        {
            context.Mistake(
                keys.Node("json")!.Place,
                "\"json\" of a variable can't have \"[*]\", which may find several values: a variable has one; write an index such as [0]"
            );
        }

        return path is null ? null : new ValueSource.Json(path);
    }

    private static WholePattern? Pattern(MapReader keys)
    {
        var pattern = PatternReader.Read(keys, "pattern", WholePattern.Parse, pattern => pattern.Backtracks);
        if (pattern?.GroupCount > 1)
        {
            keys.Context.Mistake(
                keys.Node("pattern")!.Place,
                $"\"pattern\" has {pattern.GroupCount} groups, and only one can be what is passed; write the others as (?:…)"
            );
        }

        return pattern;
    }
}
