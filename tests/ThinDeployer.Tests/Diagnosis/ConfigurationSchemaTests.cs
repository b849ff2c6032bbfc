using System.Globalization;
using System.Text.Json.Nodes;
using NJsonSchema;
using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Diagnosis;

/// <summary>The schema that editors use, against the readers, good files and bad ones.</summary>
public sealed class ConfigurationSchemaTests
{
    internal static readonly string Repository = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..")
    );

    public static TheoryData<string> Good =>
        [
            "x-shared: {any: [thing]}\nshop: {token: [a, b], pwd: ., commands: [ls, {run: ls, retries: 2}], parallel: 3}",
            "shop: {token: {ci: a}, pwd: ., commands: [ls], use_notification: 'yes', timeout: '${LIMIT}', keep: 5}",
            "shop: {token: {ci: a, cd: {file: b, may: [deploy, approve], until: 2027-01-31}}, pwd: ., commands: [ls]}",
            "shop: {identity: [{issuer: 'https://a', audience: b, claims: {sub: c, ref: [d, e]}, name: f}], pwd: ., commands: [ls]}",
            "shop: {token_file: t, pwd: ., commands: [ls], vars: {a: 1}, on_failure: [ls], when_busy: cancel}",
            "shop: {token: a, pwd: ., commands: [ls], when: {all: [{not: {json: a, in: [b]}}, {any: [{query: a, exists: yes}]}]}}",
            "shop: {token: a, pwd: ., commands: [ls], when: {changed: [a, b]}}",
            "shop: {token: a, pwd: ., commands: [ls], when: {address: 10.0.0.0/8}}",
            "shop: {token: a, pwd: ., commands: [ls], variables: {a: {json: b, choices: [1, two], default: 1, allow_dash: on}}}",
            "shop: {token: a, pwd: ., umask: 027, commands: [{run: ls, umask: '0077'}, {run: ls, umask: '${MASK}'}]}",
            "shop: {token: a, pwd: ., commands: [ls], notify: [{to: ntfy, url: 'https://ntfy.sh/a', on: [failed], output: 0}]}",
            "shop: {token: a, pwd: ., commands: [ls], notify: [{to: email, recipients: [a@b], from: c@d, smtp: {host: e, port: 25, tls: none}}]}",
            "shop: {token: a, pwd: ., commands: [ls], report: {forge: github, token: b, repository: octo/shop, environment: production}}",
            "shop: {token: {a: b, c: d}, pwd: ., commands: [ls], approval: {by: [a], count: 1, timeout: 2h, self: yes}}",
            "shop: {token: a, pwd: ., commands: [ls], windows: [{allow: {days: mon-fri, from: '09:00'}}, {deny: {days: [fri, 2026-12-24]}}], when_closed: refuse}",
            "shop: {token: a, pwd: ., commands: [ls], then: [shop2]}\nshop2: {token: a, pwd: ., commands: [ls]}",
            "shop: {token: a, pwd: ., commands: [ls], verify: [{url: 'https://a/', status: 204, contains: b, retries: 0, delay: 1s}, {run: ls, timeout: 5s}]}",
            "shop: {token: a, machines: all}",
            "shop: {signature: {sender: github, secret: a}, machines: [web-1, '2', '${HOST}'], rollout: {batch: 2}}",
            "shop: {token: a, machines: web-1, rollout: {batch: [1, 25%, 100%], pause: 10s, max_failures: 2, unavailable: skip, expire: 2h}}",
            "shop: {token: a, machines: all, pwd: ., commands: [ls], rollout: {batch: 50%, pause: manual}}",
            "more: {include: other.yml}",
        ];

    /// <summary>The program carries the file. Where a reader has another key now, the new file is put aside to take its place.</summary>
    [Fact]
    public void The_file_is_what_the_readers_ask_for()
    {
        var file = Path.Combine(Repository, "schema", "deployer.schema.json");
        var schema = ConfigurationSchema.ToJson();
        if (schema != File.ReadAllText(file))
        {
            var aside = Directory.CreateDirectory(Path.Combine(Repository, "artifacts")).FullName;
            File.WriteAllText(Path.Combine(aside, "deployer.schema.json"), schema);
            Assert.Fail("cp artifacts/deployer.schema.json schema/");
        }
    }

    [Fact]
    public void What_readers_look_at_themselves_is_described_and_nothing_else()
    {
        var own = ConfigurationSchema
            .ServiceKeys()
            .Concat(ConfigurationSchema.StepKeys())
            .Concat(ConfigurationSchema.CheckKeys())
            .Concat(ConfigurationSchema.SignatureKeys())
            .Concat(ConfigurationSchema.NamedTokenKeys())
            .Concat(ConfigurationSchema.IdentityKeys())
            .Concat(ConfigurationSchema.NotifyKeys())
            .Concat(ConfigurationSchema.SmtpKeys())
            .Concat(ConfigurationSchema.ReportKeys())
            .Concat(ConfigurationSchema.ApprovalKeys())
            .Concat(ConfigurationSchema.WindowKeys())
            .Concat(ConfigurationSchema.RolloutKeys())
            .Where(key => key.Value is KeyShape.Own or KeyShape.Map)
            .Select(key => key.Key);

        Assert.Equal(ConfigurationSchema.OwnShapes.Keys.Order(), own.Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Good))]
    public async Task What_the_readers_take_it_takes(string yaml) => Assert.Empty(await ErrorsAsync(yaml));

    [Theory]
    [InlineData("shop: {token: a, pwd: ., comands: [ls]}")]
    [InlineData("shop: {identity: [{issuer: 'https://a', audience: b}], pwd: ., commands: [ls]}")]
    [InlineData("shop: {token: {ci: {may: [deploy]}}, pwd: ., commands: [ls]}")]
    [InlineData("shop: {token: {ci: {value: a, file: b}}, pwd: ., commands: [ls]}")]
    [InlineData("shop: {token: {ci: {value: a, may: [sudo]}}, pwd: ., commands: [ls]}")]
    [InlineData("shop: {token: a, pwd: .}")]
    [InlineData("shop: {machines: all}")]
    [InlineData("shop: {token: a, machines: []}")]
    [InlineData("shop: {token: a, machines: [Web]}")]
    [InlineData("shop: {token: a, machines: all, rollout: {batch: 0}}")]
    [InlineData("shop: {token: a, machines: all, rollout: {batch: a}}")]
    [InlineData("shop: {token: a, machines: all, rollout: {pause: soon}}")]
    [InlineData("shop: {token: a, machines: all, rollout: {unavailable: ignore}}")]
    [InlineData("shop: {pwd: ., commands: [ls]}")]
    [InlineData("shop: {token: a, pwd: ., commands: ls}")]
    [InlineData("shop: {token: a, pwd: ., commands: [{runn: ls}]}")]
    [InlineData("shop: {token: a, pwd: ., commands: [{run: ls, retry: 1}]}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], parallel: 0}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], timeout: 5 minutes}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], max_output: 1MB}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], when_busy: panic}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], umask: u=rwx}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], umask: '028'}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], use_notification: perhaps}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], notify: [{url: 'https://a'}]}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], notify: [{to: pigeon}]}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], notify: [{to: slack, on: [never]}]}")]
    [InlineData(
        "shop: {token: a, pwd: ., commands: [ls], report: {forge: sourceforge, token: b, repository: octo/shop}}"
    )]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], report: {forge: github, token: b}}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], verify: [ls]}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], verify: [{retries: 1}]}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], verify: [{url: 'https://a/', run: ls}]}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], verify: [{url: 'https://a/', status: 600}]}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], when: []}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], when: {all: []}}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], when: {not: {jsn: a}}}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], when: {equals: a}}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], when: {json: a, in: b}}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], variables: {a: b}}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], variables: {a: {default: b}}}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], environment: {A: {secrets: b}}}")]
    [InlineData("shop: {token: a, pwd: ., commands: [ls], environment: {A: [b]}}")]
    [InlineData("'bad name': {token: a, pwd: ., commands: [ls]}")]
    public async Task What_the_readers_refuse_it_refuses(string yaml) => Assert.NotEmpty(await ErrorsAsync(yaml));

    /// <returns>What the schema finds wrong in a file.</returns>
    internal static async Task<IEnumerable<string>> ErrorsAsync(string yaml)
    {
        var schema = await JsonSchema.FromJsonAsync(ConfigurationSchema.ToJson());
        var problems = new Problems();
        var json = Json(YamlFile.Parse("file.yml", yaml, new NodeBudget(), problems)!);
        Assert.Empty(problems);
        return schema.Validate(json!.ToJsonString()).Select(error => error.ToString());
    }

    /// <summary>As YAML's core schema takes plain texts.</summary>
    private static JsonNode? Json(YamlNode node) =>
        node switch
        {
            YamlMap map => new JsonObject(
                map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, Json(entry.Value)))
            ),
            YamlList list => new JsonArray([.. list.Items.Select(Json)]),
            YamlText { IsQuoted: false } text
                when long.TryParse(text.Text, CultureInfo.InvariantCulture, out var number) => number,
            YamlText { IsQuoted: false, Text: "true" or "false" } text => text.Text == "true",
            YamlText { IsNothing: true } => null,
            YamlText text => text.Text,
            _ => throw new InvalidOperationException(),
        };
}
