namespace ThinDeployer.Tests.Importing;

/// <summary>Every kind of rule, and which of them is the credential. What is not carried over never opens anything.</summary>
public sealed class ImportedRuleTests
{
    private const string Ref = "match: {type: value, value: refs/heads/main, parameter: {source: payload, name: ref}}";
    private const string Event = "match: {type: value, value: push, parameter: {source: header, name: X-GitHub-Event}}";
    private const string Scalr = "match: {type: scalr-signature, secret: hidden-text}";
    private const string Token = "match: {type: value, value: hidden-text, parameter: {source: url, name: token}}";
    private const string Hmac =
        "match: {type: payload-hmac-sha256, secret: hidden-text, parameter: {source: header, name: X-Hub-Signature-256}}";

    [Theory]
    [InlineData(Ref, "when: { json: ref, equals: refs/heads/main }")]
    [InlineData(Event, "when: { header: X-GitHub-Event, equals: push }")]
    [InlineData(
        "match: {type: value, value: '', parameter: {source: query, name: 'a[b'}}",
        "when: { query: 'a[b', equals: '' }"
    )]
    [InlineData(
        "match: {type: value, value: '1', parameter: {source: payload, name: 'commits.0.a[b'}}",
        "when: { json: 'commits.0.a\\[b', equals: '1' }"
    )]
    [InlineData(
        "match: {type: value, value: '${X}', parameter: {source: payload, name: root.1.event}}",
        "when: { json: '[1].event', equals: '$${X}' }"
    )]
    [InlineData(
        "match: {type: regex, regex: '^refs/tags/v\\d+$', parameter: {source: payload, name: ref}}",
        "when: { json: ref, matches: '^refs/tags/v[0-9]+\\z' }"
    )]
    [InlineData(
        "match: {type: regex, regex: '', parameter: {source: payload, name: ref}}",
        "when: { json: ref, matches: '^' }"
    )]
    [InlineData(
        "match: {type: ip-whitelist, ip-range: '10.0.0.0/8 2001:db8::/32 192.0.2.7'}",
        "when: { address: [10.0.0.0/8, '2001:db8::/32', 192.0.2.7] }"
    )]
    [InlineData(
        $"and: [{{{Ref}}}, {{and: [{{{Event}}}, {{{Ref}}}]}}]",
        "when:\n  all:\n    - { json: ref, equals: refs/heads/main }\n    - { header: X-GitHub-Event, equals: push }"
    )]
    [InlineData(
        $"or: [{{{Ref}}}, {{{Event}}}]",
        "when:\n  any:\n    - { json: ref, equals: refs/heads/main }\n    - { header: X-GitHub-Event, equals: push }"
    )]
    [InlineData(
        $"or: [{{{Ref}}}, {{match: {{type: value, value: main, parameter: {{source: payload, name: ref}}}}}}]",
        "when: { json: ref, in: [refs/heads/main, main] }"
    )]
    [InlineData(
        "or: [{match: {type: ip-whitelist, ip-range: 10.0.0.1}}, {match: {type: ip-whitelist, ip-range: 10.0.0.2}}]",
        "when: { address: [10.0.0.1, 10.0.0.2] }"
    )]
    [InlineData("and: []", "")]
    public void A_rule_is_said_in_our_words(string rule, string when)
    {
        var import = ImportSample.With($"trigger-rule: {{{rule}}}");

        Assert.Equal(when, import.Key("when"));
        Assert.True(import.IsWhole);
        Assert.Contains("# add a token: ", import.Configuration, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Ref, "{ json: ref, exists: true }", "{ json: ref, equals: refs/heads/main }")]
    [InlineData(Event, "{ header: X-GitHub-Event, matches: '^' }", "{ header: X-GitHub-Event, equals: push }")]
    [InlineData(
        "match: {type: regex, regex: ^a, parameter: {source: payload, name: ref}}",
        "{ json: ref, matches: '^' }",
        "{ json: ref, matches: '^a' }"
    )]
    [InlineData(
        "match: {type: ip-whitelist, ip-range: 10.0.0.1}",
        "{ address: [0.0.0.0/0, '::/0'] }",
        "{ address: [10.0.0.1] }"
    )]
    [InlineData(
        "match: {type: ip-whitelist, ip-range: '2001:db8::1'}",
        "{ address: [0.0.0.0/0, '::/0'] }",
        "{ address: ['2001:db8::1/32'] }"
    )]
    public void What_must_not_match_must_be_there(string rule, string presence, string inner)
    {
        var import = ImportSample.With($"trigger-rule: {{not: {{{rule}}}}}");

        Assert.Equal($"when:\n  all:\n    - {presence}\n    - not: {inner}", import.Key("when"));
        Assert.True(import.IsWhole);
    }

    [Theory]
    [InlineData(Hmac, "signature: { sender: github, secret: hidden-text }")]
    [InlineData(
        "match: {type: payload-hash-sha1, secret: s, parameter: {source: header, name: X-Hub-Signature}}",
        "signature: { sender: hmac, secret: s, header: X-Hub-Signature, algorithm: sha1, prefix: sha1= }"
    )]
    [InlineData(
        "match: {type: payload-hmac-sha512, secret: s, parameter: {source: header, name: X-Signature}}",
        "signature: { sender: hmac, secret: s, header: X-Signature, algorithm: sha512 }"
    )]
    [InlineData(
        "match: {type: payload-hmac-sha256, secret: s, parameter: {source: header, name: x-gitea-signature}}",
        "signature: { sender: gitea, secret: s }"
    )]
    [InlineData(
        "match: {type: value, value: s, parameter: {source: header, name: X-Gitlab-Token}}",
        "signature: { sender: gitlab, secret: s }"
    )]
    [InlineData(Token, "token: hidden-text")]
    [InlineData("match: {type: value, value: s, parameter: {source: header, name: X-Auth-Token}}", "token: s")]
    [InlineData(
        "match: {type: value, value: s, parameter: {source: header, name: api_key}}",
        "token: s\ntoken_header: api_key"
    )]
    [InlineData("match: {type: value, value: Bearer s, parameter: {source: header, name: Authorization}}", "token: s")]
    [InlineData("match: {type: value, value: s, parameter: {source: payload, name: token}}", "token: s")]
    [InlineData(
        "match: {type: value, value: 'sha256:x', parameter: {source: url, name: token}}",
        "token: 'sha256:fe8eb9ab9836bcf963c044b6f84eb71c089db399876f45e72a6c21b488da26c4'"
    )]
    [InlineData(
        $"or: [{{{Token}}}, {{match: {{type: value, value: two, parameter: {{source: url, name: token}}}}}}]",
        "token: [hidden-text, two]"
    )]
    public void A_credential_is_found(string rule, string keys)
    {
        var import = ImportSample.With($"trigger-rule: {{and: [{{{rule}}}, {{{Ref}}}]}}");

        Assert.Equal(keys, import.Credential);
        Assert.Equal("when: { json: ref, equals: refs/heads/main }", import.Key("when"));
        Assert.True(import.IsWhole);
    }

    [Fact]
    public void A_credential_whose_user_counts_stays_a_rule_as_well()
    {
        var import = ImportSample.With(
            "trigger-rule: {match: {type: value, value: Basic dXNlcjpwYXNz, parameter: {source: header, name: Authorization}}}"
        );

        Assert.Equal("token: pass", import.Credential);
        Assert.Equal("when: { header: Authorization, equals: 'Basic dXNlcjpwYXNz' }", import.Key("when"));
    }

    [Fact]
    public void Beside_a_signature_a_token_stays_a_rule()
    {
        var import = ImportSample.With($"trigger-rule: {{and: [{{{Token}}}, {{{Hmac}}}]}}");

        Assert.Equal("signature: { sender: github, secret: hidden-text }", import.Credential);
        Assert.Equal("when: { query: token, equals: hidden-text }", import.Key("when"));
    }

    [Theory]
    [InlineData("true", "[hidden-text, two]", true)]
    [InlineData("false", "hidden-text", false)]
    public void A_second_secret_counts_where_webhook_came_to_it(string tolerates, string secrets, bool isSilent)
    {
        var second = Hmac.Replace("hidden-text", "two", StringComparison.Ordinal);

        var import = ImportSample.With(
            $"trigger-rule: {{or: [{{{Hmac}}}, {{{second}}}]}}, trigger-signature-soft-failures: {tolerates}"
        );

        Assert.Equal($"signature: {{ sender: github, secret: {secrets} }}", import.Credential);
        Assert.Equal(isSilent, import.Lines.Count == 0);
        Assert.True(import.IsWhole);
    }

    [Theory]
    [InlineData($"and: [{{{Token}}}, {{{Scalr}}}]", "")]
    [InlineData($"and: [{{{Token}}}, {{{Ref}}}, {{not: {{{Hmac}}}}}]", "when: { json: ref, equals: refs/heads/main }")]
    [InlineData($"and: [{{{Token}}}, {{or: []}}]", "")]
    [InlineData($"and: [{{{Token}}}, {{}}]", "")]
    [InlineData($"and: [{{{Token}}}, {{match: {{type: ip-whitelist, ip-range: nowhere}}}}]", "")]
    [InlineData($"and: [{{{Token}}}, {{match: {{type: strange, parameter: {{source: url, name: a}}}}}}]", "")]
    [InlineData(
        $"and: [{{{Token}}}, {{match: {{type: regex, regex: '\\p{{Greek}}', parameter: {{source: url, name: a}}}}}}]",
        ""
    )]
    [InlineData(
        $"and: [{{{Token}}}, {{match: {{type: value, value: GET, parameter: {{source: request, name: method}}}}}}]",
        ""
    )]
    [InlineData(
        $"and: [{{{Token}}}, {{match: {{type: value, value: x, parameter: {{source: header, name: Host}}}}}}]",
        ""
    )]
    [InlineData(
        $"and: [{{{Hmac}}}, {{match: {{type: payload-hmac-sha1, secret: s, parameter: {{source: header, name: X-Other}}}}}}]",
        ""
    )]
    public void Without_a_rule_that_is_missing_nobody_is_let_in(string rule, string when)
    {
        var import = ImportSample.With($"trigger-rule: {{{rule}}}");

        Assert.False(import.IsWhole);
        Assert.Equal("", import.Credential);
        Assert.Equal(when, import.Key("when"));
        Assert.Contains("  # not carried over: ", import.Configuration, StringComparison.Ordinal);
        Assert.Contains("  # shut until you decide: ", import.Configuration, StringComparison.Ordinal);
        Assert.Contains(
            "\n  # " + (rule.Contains("[{" + Hmac, StringComparison.Ordinal) ? "signature" : "token") + ": ",
            import.Configuration,
            StringComparison.Ordinal
        );
        Assert.Contains(import.Lines, line => line.Contains(": shop: not carried over: ", StringComparison.Ordinal));
        Assert.All(import.Lines, line => Assert.DoesNotContain("hidden-text", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        $"or: [{{{Hmac}}}, {{{Ref}}}]",
        false,
        "when:\n  all:\n    - { header: X-Hub-Signature-256, exists: false }\n    - { json: ref, equals: refs/heads/main }"
    )]
    [InlineData($"or: [{{{Hmac}}}, {{{Ref}}}]", true, "when: { json: ref, equals: refs/heads/main }")]
    [InlineData($"or: [{{{Ref}}}, {{{Scalr}}}]", false, "when: { json: ref, equals: refs/heads/main }")]
    [InlineData(
        $"or: [{{{Ref}}}, {{match: {{type: strange}}}}, {{{Event}}}]",
        false,
        "when: { json: ref, equals: refs/heads/main }"
    )]
    public void An_alternative_that_is_missing_lets_less_in(string rule, bool tolerates, string when)
    {
        var import = ImportSample.With(
            $"trigger-rule: {{{rule}}}, trigger-signature-soft-failures: {(tolerates ? "yes" : "no")}"
        );

        Assert.False(import.IsWhole);
        Assert.Equal(when, import.Key("when"));
        Assert.Equal("", import.Credential);
    }

    [Fact]
    public void The_method_and_the_whole_body_have_keys_of_their_own()
    {
        var import = ImportSample.With(
            "trigger-rule: {and: [{match: {type: value, value: POST, parameter: {source: request, name: method}}}, "
                + "{match: {type: regex, regex: 'deploy$', parameter: {source: raw-request-body}}}]}"
        );

        Assert.Equal("allow_get: false", import.Key("allow_get"));
        Assert.Equal("request_regexp: 'deploy\\z'", import.Key("request_regexp"));
        Assert.Equal("", import.Key("when"));
        Assert.True(import.IsWhole);
    }
}
