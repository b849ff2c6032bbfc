using System.Text.Json.Nodes;

namespace ThinDeployer.Bench.Programs;

/// <summary>What <see cref="Services"/> has, as hooks of adnanh/webhook.</summary>
internal static class Hooks
{
    internal static string Json { get; } =
        new JsonArray(
            Of(Services.Site, Services.NothingCommand),
            Of(Services.Words, Services.WordsCommand),
            Of(Services.Output, Services.OutputCommand)
        ).ToJsonString();

    private static JsonObject Of(string id, string command) =>
        new()
        {
            ["id"] = id,
            ["execute-command"] = "/bin/sh",
            ["pass-arguments-to-command"] = new JsonArray(Constant("-c"), Constant(command)),
            ["command-working-directory"] = "site",
            ["include-command-output-in-response"] = true,
            ["trigger-rule-mismatch-http-response-code"] = 403,
            ["trigger-rule"] = new JsonObject
            {
                ["match"] = new JsonObject
                {
                    ["type"] = "value",
                    ["value"] = Services.Token,
                    ["parameter"] = new JsonObject { ["source"] = "header", ["name"] = "X-Auth-Token" },
                },
            },
        };

    private static JsonObject Constant(string text) => new() { ["source"] = "string", ["name"] = text };
}
