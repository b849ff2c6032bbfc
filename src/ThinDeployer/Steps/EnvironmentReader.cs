using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>Reads <c>environment</c> of a service or a step: a map of names to texts, or to <c>{secret: text}</c>.</summary>
internal static class EnvironmentReader
{
    internal static StepVariables Read(MapReader keys)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, node) in keys.Entries("environment"))
        {
            StepEnvironment.CheckName(name.Text, name.Place, keys.Context);
            if (Written(name.Text, node, keys.Context) is not { } written)
            {
                continue;
            }

            if (Scalars.Interpolated(written, keys.Context) is { } value)
            {
                values.TryAdd(name.Text, value);
                if (node is YamlMap)
                {
                    secrets.Add(name.Text);
                    keys.Context.MaskedTexts.Add(value, written.Place);
                }
            }

            if (node is YamlMap || SecretName.LooksSecret(name.Text))
            {
                keys.Context.Secrets.Note(written, keys.Context.Service);
            }
        }

        return new StepVariables(values, secrets);
    }

    /// <summary>The text of a value; null after a mistake.</summary>
    private static YamlText? Written(string name, YamlNode node, ReadingContext context)
    {
        if (node is YamlText text)
        {
            return text;
        }

        if (node is YamlMap map)
        {
            var keys = new MapReader(map, context);
            var secret = keys.Node("secret") as YamlText;
            keys.Finish();
            if (secret is not null)
            {
                return secret;
            }
        }

        context.Mistake(node.Place, $"{Quote.Of(name)} must be a text, or a map with the text of \"secret\"");
        return null;
    }
}

/// <summary>Variables of a step's environment, as the configuration gives them.</summary>
/// <param name="Secrets">The names of those that are not to be shown.</param>
internal sealed record StepVariables(IReadOnlyDictionary<string, string> Values, IReadOnlySet<string> Secrets)
{
    internal static StepVariables None { get; } =
        new(new Dictionary<string, string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
}
