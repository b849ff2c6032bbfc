using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>Reads the texts that rules and variables are made of.</summary>
internal static class RuleTexts
{
    /// <summary>One text, which may be empty if it is written so (<c>""</c>). Null when absent, or after a mistake.</summary>
    internal static WrittenText? One(MapReader keys, string key)
    {
        switch (keys.Node(key))
        {
            case null:
                return null;
            case YamlText { IsNothing: true } nothing:
                keys.Context.Mistake(nothing.Place, $"\"{key}\" is empty; write \"\" if the empty text is meant");
                return null;
            case YamlText text:
                return Filled(text, keys.Context);
            case var other:
                keys.Context.Mistake(other.Place, $"\"{key}\" must be a text");
                return null;
        }
    }

    /// <summary>A list of at least one text. Empty when absent, or after a mistake.</summary>
    internal static List<WrittenText> Several(MapReader keys, string key)
    {
        if (keys.Node(key) is not { } node)
        {
            return [];
        }

        if (node is not YamlList { Items.Count: > 0 } list)
        {
            keys.Context.Mistake(node.Place, $"\"{key}\" must be a list of at least one text");
            return [];
        }

        return [.. list.Items.Select(item => Item(item, key, keys.Context)).OfType<WrittenText>()];
    }

    /// <summary>A text, or a list of at least one.</summary>
    internal static List<WrittenText> OneOrSeveral(MapReader keys, string key) =>
        keys.Node(key) is YamlText { Text.Length: > 0 } text
            ? [.. new[] { Filled(text, keys.Context) }.OfType<WrittenText>()]
            : Several(keys, key);

    /// <summary>The name of a header (RFC 9110, section 5.6.2). Null when absent, or after a mistake.</summary>
    internal static string? HeaderName(MapReader keys, string key)
    {
        if (Name(keys, key) is not { } name)
        {
            return null;
        }

        if (name.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character)))
        {
            return name;
        }

        keys.Context.Mistake(keys.Node(key)!.Place, $"\"{key}\" must be the name of a header, such as X-GitHub-Event");
        return null;
    }

    /// <summary>A text that is not empty. Null when absent, or after a mistake.</summary>
    internal static string? Name(MapReader keys, string key)
    {
        if (keys.Node(key) is YamlText { Text.Length: 0 } empty)
        {
            keys.Context.Mistake(empty.Place, $"\"{key}\" is empty; name what is looked at");
            return null;
        }

        return keys.Text(key);
    }

    /// <summary>A place in the JSON body. Null when absent, or after a mistake.</summary>
    internal static JsonPath? Path(MapReader keys, string key)
    {
        if (Name(keys, key) is not { } text)
        {
            return null;
        }

        if (JsonPath.TryParse(text, out var path, out var fault))
        {
            return path;
        }

        keys.Context.Mistake(
            keys.Node(key)!.Place,
            $"\"{key}\" must be a path such as commits.0.id; this one {fault} (write \"\\.\" for a dot in a key)"
        );
        return null;
    }

    private static WrittenText? Item(YamlNode item, string key, ReadingContext context)
    {
        if (item is YamlText { IsNothing: false } text)
        {
            return Filled(text, context);
        }

        context.Mistake(item.Place, $"\"{key}\" must hold texts only; write \"\" if the empty text is meant");
        return null;
    }

    private static WrittenText? Filled(YamlText text, ReadingContext context) =>
        Scalars.Interpolated(text, context) is { } value ? new WrittenText(value, text.Text) : null;
}
