namespace ThinDeployer.Tests.Importing;

/// <summary>What a command gets: arguments, environment, files, folder.</summary>
public sealed class ImportedCommandTests
{
    [Theory]
    [InlineData(
        "{source: payload, name: head_commit.id}",
        "\"%head_commit_id%\"",
        "head_commit_id: { json: head_commit.id"
    )]
    [InlineData(
        "{source: header, name: X-GitHub-Event}",
        "\"%X_GitHub_Event%\"",
        "X_GitHub_Event: { header: X-GitHub-Event"
    )]
    [InlineData("{source: url, name: b}", "\"%b%\"", "b: { argument: b")]
    [InlineData("{source: query, name: 1}", "\"%value_1%\"", "value_1: { argument: '1'")]
    [InlineData("{source: payload, name: token}", "\"%value_token%\"", "value_token: { json: token")]
    [InlineData("{source: payload, name: root.0.a}", "\"%value_0__a%\"", "value_0__a: { json: '[0].a'")]
    public void A_value_of_the_request_is_a_variable(string argument, string word, string variable)
    {
        var import = ImportSample.With($"pass-arguments-to-command: [{argument}]");

        Assert.Equal($"variables:\n  {variable}, default: '', allow_dash: true }}", import.Key("variables"));
        Assert.Equal($"commands:\n  - /srv/shop/deploy.sh {word}", import.Key("commands"));
        Assert.True(import.IsWhole);
    }

    [Theory]
    [InlineData("{source: string, name: -e}", "-e")]
    [InlineData("{source: string, name: it's}", "'it'\\''s'")]
    [InlineData("{source: string, name: '$(id) `id` \"x\"'}", "'$(id) `id` \"x\"'")]
    [InlineData("{source: string, name: '%H%an%'}", "'%''H%''an%'")]
    [InlineData("{source: string, name: +%Y%m}", "'+%''Y%m'")]
    [InlineData("{source: string, name: ''}", "''")]
    [InlineData("{source: string}", "''")]
    [InlineData("{source: raw-request-body}", "\"$(cat \"$DEPLOYMENT_PAYLOAD_FILE\")\"")]
    [InlineData("{source: entire-payload}", "\"$(cat \"$DEPLOYMENT_PAYLOAD_FILE\")\"")]
    [InlineData("{source: entire-headers}", "''")]
    [InlineData("{source: entire-query}", "''")]
    [InlineData("{source: request, name: method}", "''")]
    [InlineData("{source: request, name: remote-addr}", "''")]
    [InlineData("{source: context, name: x}", "''")]
    [InlineData("{source: header, name: Authorization}", "''")]
    [InlineData("{source: header, name: Host}", "''")]
    [InlineData("{source: url, name: token}", "''")]
    [InlineData("{source: payload, name: a..b}", "''")]
    [InlineData("{source: payload, name: a.-b}", "''")]
    public void Anything_else_is_a_word_of_the_shell(string argument, string word)
    {
        var import = ImportSample.With($"pass-arguments-to-command: [{argument}, {{source: string, name: last}}]");

        Assert.Contains($"/srv/shop/deploy.sh {word} last", Unquoted(import.Key("commands")), StringComparison.Ordinal);
        Assert.Equal("", import.Key("variables"));
        Assert.True(import.IsWhole);
    }

    [Theory]
    [InlineData("{source: payload, name: a.b}", "env HOOK_a.b=\"%a_b%\"")]
    [InlineData("{source: payload, name: ref}", "HOOK_ref=\"%ref%\"")]
    [InlineData("{source: payload, name: ref, envname: REF}", "REF=\"%ref%\"")]
    [InlineData("{source: string, name: two words, envname: STAGE}", "STAGE='two words'")]
    [InlineData("{source: entire-payload, envname: BODY}", "BODY=\"$(cat \"$DEPLOYMENT_PAYLOAD_FILE\")\"")]
    public void The_environment_stands_before_the_command(string value, string assignment)
    {
        var import = ImportSample.With($"pass-environment-to-command: [{value}]");

        Assert.Contains(
            $"- {assignment} /srv/shop/deploy.sh",
            Unquoted(import.Key("commands")).Replace("- '", "- ", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("PS4")]
    [InlineData("BASH_ENV")]
    [InlineData("a=b")]
    public void A_variable_that_a_shell_reads_as_code_is_not_carried_over(string name)
    {
        var import = ImportSample.With($"pass-environment-to-command: [{{source: url, name: x, envname: {name}}}]");

        Assert.Equal("commands:\n  - /srv/shop/deploy.sh", import.Key("commands"));
        Assert.Contains(import.Lines, line => line.Contains($"the variable \"{name}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_is_made_and_removed_by_the_command()
    {
        var import = ImportSample.With(
            "pass-file-to-command: [{source: payload, name: binary, envname: PICTURE, base64decode: true}, "
                + "{source: raw-request-body, envname: BODY}]"
        );

        Assert.Equal(
            """
            commands:
              - |-
                set -e
                trap 'rm -f "$file1"' EXIT
                file1=$(mktemp "$PWD/PICTURE.XXXXXX")
                printf %s "%binary%" | base64 -d > "$file1"
                PICTURE="$file1" BODY="$DEPLOYMENT_PAYLOAD_FILE" /srv/shop/deploy.sh
            """,
            import.Key("commands")
        );
    }

    [Theory]
    [InlineData("execute-command: /a/b.sh, command-working-directory: /c", "pwd: /c", "/a/b.sh")]
    [InlineData("execute-command: b.sh, command-working-directory: /c", "pwd: /c", "./b.sh")]
    [InlineData("execute-command: ../b.sh, command-working-directory: /c", "pwd: /c", "./../b.sh")]
    [InlineData("execute-command: /a/b.sh", "pwd: /a", "/a/b.sh")]
    [InlineData("execute-command: make", "pwd: /", "make")]
    [InlineData("execute-command: time", "pwd: /", "'''time'''")]
    [InlineData("execute-command: /a b/c.sh", "pwd: /a b", "'''/a b/c.sh'''")]
    public void A_command_is_found_where_webhook_found_it(string keys, string folder, string command)
    {
        var import = ImportSample.Of($"- {{id: shop, {keys}}}");

        Assert.Equal(folder, import.Key("pwd"));
        Assert.Equal($"commands:\n  - {command}", import.Key("commands"));
    }

    [Fact]
    public void JSON_within_a_form_is_our_payload()
    {
        var import = ImportSample.With(
            "parse-parameters-as-json: [{source: payload, name: payload}], pass-arguments-to-command: [{source: payload, name: "
                + "payload.branch}, {source: payload, name: other}], trigger-rule: {and: [{match: {type: value, value: passed, "
                + "parameter: {source: payload, name: payload.state}}}, {match: {type: value, value: x, parameter: {source: "
                + "payload, name: other}}}]}"
        );

        Assert.Contains("branch: { json: branch,", import.Key("variables"), StringComparison.Ordinal);
        Assert.Contains("other: { argument: other,", import.Key("variables"), StringComparison.Ordinal);
        Assert.Equal("when: { json: state, equals: passed }", import.Key("when"));
        Assert.False(import.IsWhole);
    }

    /// <summary>As the shell gets it.</summary>
    private static string Unquoted(string yaml) =>
        yaml.Contains("- '", StringComparison.Ordinal) ? yaml.Replace("''", "'", StringComparison.Ordinal) : yaml;
}
