using System.Text.Json.Nodes;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Diagnosis;

/// <summary>The part of the schema for <c>when</c> and <c>variables</c>, which nest where the readers of a service do not.</summary>
internal static class RuleSchema
{
    internal static JsonObject Rule()
    {
        var properties = Merged();
        foreach (var key in WhenReader.Kinds.Concat(ValueTestReader.Keys))
        {
            properties[key] = key switch
            {
                "all" or "any" => ListOf(ConfigurationSchema.Reference("rule")),
                "not" => ConfigurationSchema.Reference("rule"),
                "address" or "changed" => new JsonObject
                {
                    ["anyOf"] = new JsonArray(ConfigurationSchema.Text(), ListOf(ConfigurationSchema.Text())),
                },
                "in" => ListOf(ConfigurationSchema.Text()),
                "exists" => ConfigurationSchema.Boolean(),
                _ => ConfigurationSchema.Text(),
            };
        }

        return Closed(properties, WhenReader.Kinds);
    }

    internal static JsonObject Variable()
    {
        var properties = Merged();
        foreach (var key in VariablesReader.Sources.Append("pattern").Append("default"))
        {
            properties[key] = ConfigurationSchema.Text();
        }

        properties["choices"] = ListOf(ConfigurationSchema.Text());
        properties["allow_dash"] = ConfigurationSchema.Boolean();
        return Closed(properties, VariablesReader.Sources);
    }

    private static JsonObject Merged() => new() { ["<<"] = new JsonObject() };

    private static JsonObject Closed(JsonObject properties, IReadOnlyList<string> oneOf) =>
        new()
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
            ["anyOf"] = new JsonArray([
                .. oneOf.Append("<<").Select(key => (JsonNode)ConfigurationSchema.Required(key)),
            ]),
        };

    private static JsonObject ListOf(JsonNode item) =>
        new()
        {
            ["type"] = "array",
            ["items"] = item,
            ["minItems"] = 1,
        };
}
