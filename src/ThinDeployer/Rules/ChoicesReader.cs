using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>Reads the <c>choices</c> of a variable.</summary>
internal static class ChoicesReader
{
    private const string Key = "choices";

    /// <summary>Null where it is absent, or after a mistake.</summary>
    internal static VariableChoices? Read(MapReader keys)
    {
        var (texts, context) = (RuleTexts.Several(keys, Key), keys.Context);
        var values = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in texts.Where(text => !values.Add(text.Value)))
        {
            context.Mistake(keys.Node(Key)!.Place, $"\"{Key}\" has {Quote.Of(text.Written)} twice");
        }

        return texts.Count == 0 ? null : new VariableChoices([.. texts.DistinctBy(text => text.Value)]);
    }

    /// <summary>Says what of a variable does not go with its choices.</summary>
    internal static void Check(Variable variable, MapReader keys)
    {
        if (variable.Choices is not { } choices)
        {
            return;
        }

        if (variable.Default is { } byDefault && !choices.Holds(byDefault))
        {
            keys.Context.Mistake(keys.Node("default")!.Place, $"\"default\" is none of the \"{Key}\": {choices}");
        }

        foreach (var text in choices.Texts.Where(text => variable.Again(text.Value).Value is null))
        {
            keys.Context.Warn(
                keys.Node(Key)!.Place,
                $"\"{Key}\" has {Quote.Of(text.Written)}, which no request can pass: {Reason(variable)}"
            );
        }
    }

    private static string Reason(Variable variable) =>
        variable.Pattern is null
            ? "it begins with \"-\" without \"allow_dash\", is too long, or holds a NUL character"
            : "\"pattern\" does not match it, or it begins with \"-\" without \"allow_dash\"";
}
