using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Yaml;

public sealed class YamlTreeTests
{
    [Fact]
    public void The_example_of_the_original_loads_as_it_is()
    {
        const string example = """

            # service definition (and service name there)
            phpdenyhosts:
                # token used to authorize via "token" GET parameter, or "X-Auth-Token" header
                token: some-token-goes-here-use-only-at-least-64-characters-long-tokens

                # optional: support for notifying Slack and other messengers
                # with wolnosciowiec-notification-client
                use_notification: true
                notification_group: "logs"

                # working directory to be in to execute every command
                pwd: /var/www/app

                # could be empty, if not empty then the deploy will execute
                # only if the INCOMING REQUEST BODY will match this regexp
                # useful for example to deploy only from a proper branch
                request_regexp: "\"branch\": \"([production|stage]+)\""

                # commands to execute in order
                commands:
                    - git pull
                    - composer install --no-dev

            # (...) there could be more service definitions
            """;

        var sample = YamlSample.Of(example);

        Assert.Empty(sample.Problems);
        Assert.Equal(
            "{phpdenyhosts: {token: some-token-goes-here-use-only-at-least-64-characters-long-tokens, "
                + "use_notification: true, notification_group: \"logs\", pwd: /var/www/app, "
                + "request_regexp: \"\"branch\": \"([production|stage]+)\"\", "
                + "commands: [git pull, composer install --no-dev]}}",
            YamlSample.Show(sample.Map)
        );
    }

    [Theory]
    [InlineData("a: 1", "{a: 1}")]
    [InlineData("a: 0x1F\nb: 1_000\nc: 2024-01-01\nd: 1e3", "{a: 0x1F, b: 1_000, c: 2024-01-01, d: 1e3}")]
    [InlineData("a: '1'\nb: \"x\\ty\"", "{a: \"1\", b: \"x\ty\"}")]
    [InlineData("a: ~\nb: null\nc: Null\nd: NULL\ne:\nf: nULL", "{a: , b: , c: , d: , e: , f: nULL}")]
    [InlineData("a: '~'\nb: \"null\"\nc: ''", "{a: \"~\", b: \"null\", c: \"\"}")]
    [InlineData("a: [1, {b: 2}]\nc: {}\nd: []", "{a: [1, {b: 2}], c: {}, d: []}")]
    [InlineData("a: |\n  x\n  y\nb: >-\n  x\n  y", "{a: \"x\ny\n\", b: \"x y\"}")]
    [InlineData("a:\r\n  - 1\r\n  - b: 2\r\n    c: 3\r\n", "{a: [1, {b: 2, c: 3}]}")]
    [InlineData("a:\n- 1\n- 2", "{a: [1, 2]}")]
    [InlineData("%YAML 1.1\n---\na: 1\n...\n", "{a: 1}")]
    [InlineData("%YAML 1.2\n%TAG !x! tag:example.org,2000:\n---\na: 1", "{a: 1}")]
    [InlineData("--- {a: 1}", "{a: 1}")]
    [InlineData("? a\n: 1", "{a: 1}")]
    [InlineData("a: żółw 🐢", "{a: żółw 🐢}")]
    public void A_text_becomes_a_tree(string text, string expected)
    {
        var sample = YamlSample.Of(text);

        Assert.Empty(sample.Lines);
        Assert.Equal(expected, YamlSample.Show(sample.Map));
    }

    [Fact]
    public void Every_node_knows_its_place()
    {
        var map = YamlSample.Of("a:\n  - 1\n  - {b: 2}\n").Map!;

        var list = Assert.IsType<YamlList>(map.Entries[0].Value);
        var inner = Assert.IsType<YamlMap>(list.Items[1]);
        Assert.Equal("f.yml:1:1", map.Place.ToString());
        Assert.Equal("f.yml:2:3", list.Place.ToString());
        Assert.Equal("f.yml:2:5", list.Items[0].Place.ToString());
        Assert.Equal("f.yml:3:5", inner.Place.ToString());
        Assert.Equal("f.yml:3:6", inner.Entries[0].Key.Place.ToString());
        Assert.Equal("f.yml:3:9", inner.Entries[0].Value.Place.ToString());
    }

    [Fact]
    public void A_node_shows_its_place_and_never_its_text()
    {
        var node = YamlSample.Of("token: secret").Map!.Entries[0];

        Assert.Equal("YamlEntry { Key = f.yml:1:1, Value = f.yml:1:8 }", node.ToString());
    }
}
