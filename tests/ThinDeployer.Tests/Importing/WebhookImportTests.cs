namespace ThinDeployer.Tests.Importing;

/// <summary>Files of webhook, what is told of them, and what is no such file.</summary>
public sealed class WebhookImportTests
{
    [Fact]
    public void A_hook_for_GitHub_is_this_service()
    {
        var import = ImportSample.Of(
            """
            [
              {
                "Id": "shop",
                "execute-command": "/srv/shop/deploy.sh",
                "command-working-directory": "/srv/shop",
                "response-message": "Thank you",
                "pass-arguments-to-command": [{"source": "payload", "name": "head_commit.id"}],
                "http-methods": ["post "],
                "trigger-rule": {
                  "and": [
                    {"match": {"type": "payload-hmac-sha256", "secret": "hidden-text",
                      "parameter": {"source": "header", "name": "X-Hub-Signature-256"}}},
                    {"match": {"type": "value", "value": "refs/heads/main", "parameter": {"source": "payload", "name": "ref"}}},
                  ]
                }
              }
            ]
            """
        );

        Assert.Equal(
            """
            # Made of hooks by: thin-deployer import webhook
            # It holds the secrets of the hooks: keep it from others. What was POST /hooks/ID is POST /deploy/SERVICE.

            shop:
              signature: { sender: github, secret: hidden-text }
              pwd: /srv/shop
              # not carried over: "response-message"; the answer is JSON with the id and the status of the deployment
              respond: accepted
              allow_get: false
              variables:
                head_commit_id: { json: head_commit.id, default: '', allow_dash: true }
              when: { json: ref, equals: refs/heads/main }
              commands:
                - /srv/shop/deploy.sh "%head_commit_id%"

            """,
            import.Configuration[..import.Configuration.IndexOf("# Made", StringComparison.Ordinal)]
                + "# Made of hooks by"
                + import.Configuration[import.Configuration.IndexOf(" by:", StringComparison.Ordinal)..][3..]
        );
        Assert.Equal(
            [
                "hooks:6:5: shop: not carried over: \"response-message\"; the answer is JSON with the id and the status of the "
                    + "deployment",
            ],
            import.Lines
        );
        Assert.True(import.IsWhole);
    }

    [Theory]
    [InlineData("response-message: x", "\"response-message\"")]
    [InlineData("response-headers: [{name: a, value: b}]", "\"response-headers\"")]
    [InlineData("success-http-response-code: 201", "\"success-http-response-code\"")]
    [InlineData("trigger-rule-mismatch-http-response-code: 400", "\"trigger-rule-mismatch-http-response-code\"")]
    [InlineData("incoming-payload-content-type: application/json", "\"incoming-payload-content-type\"")]
    [InlineData("keep-file-environment: true", "\"keep-file-environment\"")]
    [InlineData("http-methods: [POST, PUT]", "other methods than GET and POST")]
    [InlineData(
        "trigger-rul: {}",
        "\"trigger-rul\", which webhook does not know either; \"trigger-rule\" was perhaps meant"
    )]
    [InlineData(
        "pass-arguments-to-command: [{source: url, nam: a}]",
        "\"nam\", which webhook does not know either; \"name\" was perhaps meant"
    )]
    [InlineData("trigger-rule: {and: [], match: {type: value}}", "\"match\" beside \"and\", which webhook passes over")]
    public void What_has_no_equivalent_is_told_at_both_places(string keys, string told)
    {
        var import = ImportSample.With(keys);

        Assert.Contains($"  # not carried over: {told}", import.Configuration, StringComparison.Ordinal);
        Assert.Contains(
            import.Lines,
            line => line.Contains($": shop: not carried over: {told}", StringComparison.Ordinal)
        );
        Assert.True(import.IsWhole);
    }

    [Theory]
    [InlineData("include-command-output-in-response: true", "wait")]
    [InlineData("include-command-output-in-response: no", "accepted")]
    [InlineData("include-command-output-in-response: null", "accepted")]
    public void Who_wanted_the_output_waits(string keys, string respond) =>
        Assert.Equal($"respond: {respond}", ImportSample.With(keys).Key("respond"));

    [Fact]
    public void A_hook_that_nobody_could_post_to_is_shut()
    {
        var import = ImportSample.With(
            "http-methods: [GET], trigger-rule: {match: {type: value, value: s, parameter: {source: url, name: token}}}"
        );

        Assert.False(import.IsWhole);
        Assert.Equal("", import.Credential);
        Assert.Contains("\n  # token: s\n", import.Configuration, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_services_are_made_of_ids()
    {
        var import = ImportSample.Of(
            """
            - {id: a/b, execute-command: /x}
            - {id: a b, execute-command: /x}
            - {id: x-a, execute-command: /x}
            - {id: a/b, execute-command: /y}
            """
        );

        Assert.Equal(
            ["a-b:", "a-b-2:", "hook-x-a:"],
            import.Configuration.Split('\n').Where(line => line.EndsWith(':') && line[0] is not (' ' or '#'))
        );
        Assert.DoesNotContain("/y", import.Configuration, StringComparison.Ordinal);
        Assert.Contains(
            import.Lines,
            line => line.StartsWith("hooks:4:3: a/b: not carried over: a second hook", StringComparison.Ordinal)
        );
        Assert.False(import.IsWhole);
    }

    [Fact]
    public void Values_of_a_template_come_from_the_environment()
    {
        var import = ImportSample.Of(
            """
            [{
              "id": "shop", "execute-command": "{{ getenv "APP" | js }}/deploy.sh", "command-working-directory": "{{getenv `APP`}}",
              "pass-arguments-to-command": [{"source": "string", "name": "a {{ "STAGE" | getenv }}"}],
              "trigger-rule": {"and": [
                {"match": {"type": "payload-hmac-sha256", "secret": "{{ cat "/run/secrets/hook" | js }}",
                  "parameter": {"source": "header", "name": "X-Hub-Signature-256"}}},
                {"match": {"type": "value", "value": "{{ getenv "BRANCH" }}", "parameter": {"source": "payload", "name": "ref"}}}]}
            }]
            """
        );

        Assert.Equal("signature: { sender: github, secret_file: /run/secrets/hook }", import.Credential);
        Assert.Equal("pwd: '${APP}'", import.Key("pwd"));
        Assert.Equal("inherit_environment: [APP, STAGE]", import.Key("inherit_environment"));
        Assert.Equal("when: { json: ref, equals: '${BRANCH}' }", import.Key("when"));
        Assert.Equal("commands:\n  - '\"${APP}\"/deploy.sh ''a ''\"${STAGE}\"'", import.Key("commands"));
        Assert.True(import.IsWhole);
    }

    [Theory]
    [InlineData("execute-command: '{{ getenv \"A\" | html }}{{ getenv \"B\" }}'")]
    [InlineData("execute-command: '{{ cat \"/a\" }}'")]
    [InlineData("execute-command: /x, command-working-directory: '{{ .A }}{{ getenv \"B\" }}'")]
    [InlineData("execute-command: /x, pass-arguments-to-command: [{source: url, name: '{{ cat \"/a\" }}'}]")]
    public void A_hook_of_other_template_code_is_told_and_left_out(string keys)
    {
        var import = ImportSample.Of($"- {{id: shop, {keys}}}\n- {{id: other, execute-command: /x}}");

        Assert.False(import.IsWhole);
        Assert.DoesNotContain("shop:\n", import.Configuration, StringComparison.Ordinal);
        Assert.Contains("\nother:\n", import.Configuration, StringComparison.Ordinal);
        Assert.Contains(
            import.Lines,
            line => line.StartsWith("hooks:1:3: shop: not carried over: the hook", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Braces_in_a_file_that_is_no_template_are_text()
    {
        var import = ImportSample.With("pass-arguments-to-command: [{source: string, name: '{{.ID}}'}]");

        Assert.Contains("deploy.sh ''{{.ID}}''", import.Key("commands"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "hooks:1:1: a hooks file is a list of at least one hook")]
    [InlineData("[]", "hooks:1:1: a hooks file is a list of at least one hook")]
    [InlineData("shop: {pwd: /}", "hooks:1:1: a hooks file is a list of at least one hook")]
    [InlineData("- text", "hooks:1:3: a hook must be a map of its keys")]
    [InlineData("- {id: a}", "hooks:1:3: a: \"execute-command\" is missing; every hook of webhook has one")]
    [InlineData("- {execute-command: a}", "hooks:1:3: \"id\" is missing; every hook of webhook has one")]
    [InlineData("- {id: a, execute-command: [b]}", "hooks:1:28: a: \"execute-command\" must be a text")]
    [InlineData(
        "- {id: a, execute-command: b, trigger-rule: c}",
        "hooks:1:45: a: \"trigger-rule\" must hold a map here"
    )]
    [InlineData("- {id: a, ID: b, execute-command: b}", "hooks:1:11: duplicate key \"ID\", in other letters")]
    [InlineData("- {id: a", "hooks:2:1: a map in \"{\" goes on or ends wrongly here")]
    [InlineData("- {id: a, execute-command: b}\n---\n[]", "hooks:2:1: a second document begins here")]
    [InlineData(
        "- {id: a, execute-command: b}\n{{ if true }}",
        "hooks:2:1: template code that makes more than a value can't be read; write what it makes, and try again"
    )]
    public void What_is_no_hooks_file_is_a_mistake(string hooks, string line)
    {
        var import = ImportSample.Of(hooks);

        Assert.False(import.IsHooksFile);
        Assert.Equal("", import.Configuration);
        Assert.StartsWith(line, import.Lines[0], StringComparison.Ordinal);
    }
}
