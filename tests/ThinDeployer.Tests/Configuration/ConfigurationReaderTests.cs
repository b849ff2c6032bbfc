using ThinDeployer.Configuration;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Configuration;

public sealed class ConfigurationReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("thin-deployer-").FullName;

    public void Dispose() => TemporaryFolder.Remove(_folder);

    [Fact]
    public void The_example_of_the_original_loads_with_warnings_only()
    {
        var snapshot = Read(
            """
            phpdenyhosts:
                token: some-token-goes-here-use-only-at-least-64-characters-long-tokens
                use_notification: true
                notification_group: "logs"
                pwd: /var/www/app
                request_regexp: "\"branch\": \"([production|stage]+)\""
                commands:
                    - git pull
                    - composer install --no-dev
            """
        );

        Assert.Empty(snapshot.Mistakes);
        Assert.Collection(
            snapshot.Warnings,
            warning => Assert.Contains("nobody is notified", warning, StringComparison.Ordinal),
            warning => Assert.Contains("is no folder now", warning, StringComparison.Ordinal),
            warning => Assert.Contains("has \"[production|stage]\"", warning, StringComparison.Ordinal)
        );
        Assert.Equal("/var/www/app", snapshot.Services["phpdenyhosts"].Plan.Folder);
        Assert.Equal(
            ["git pull", "composer install --no-dev"],
            snapshot.Services["phpdenyhosts"].Plan.Steps.Select(step => step.Command.Source)
        );
    }

    [Theory]
    [InlineData(
        "s:\n  pwd: /\n  commands: [x]",
        "2:3: s: no credential, so nobody could deploy it; give \"token\", \"token_file\", \"signature\" or \"identity\""
    )]
    [InlineData(
        "s:\n  token:\n  pwd: /\n  commands: [x]",
        "2:9: s: a token is empty; an empty token would admit nobody"
    )]
    [InlineData("s:\n  token: []\n  pwd: /\n  commands: [x]", "2:10: s: \"token\" is empty; give at least one token")]
    [InlineData(
        "s:\n  token: [{a: b}]\n  pwd: /\n  commands: [x]",
        "2:11: s: \"token\" must be a text, a list of texts, or a map of name to text"
    )]
    [InlineData(
        "s:\n  token: sha256:12\n  pwd: /\n  commands: [x]",
        "2:10: s: \"sha256:\" must be followed by 64 hexadecimal digits"
    )]
    [InlineData("s:\n  token: ${NOT_SET_HERE}\n  pwd: /\n  commands: [x]", "2:10: s: ")]
    [InlineData(
        "s:\n  token: x\n  commands: [x]",
        "2:3: s: \"pwd\" is missing; name the folder in which the commands run"
    )]
    [InlineData("s:\n  token: x\n  pwd: /", "2:3: s: \"commands\" is missing or empty; list at least one command")]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  commands: []",
        "4:13: s: \"commands\" is missing or empty; list at least one command"
    )]
    [InlineData("s:\n  token: x\n  pwd: /\n  commands: ls", "4:13: s: \"commands\" must be a list, not a text")]
    [InlineData("s:\n  token: x\n  pwd: /\n  commands: [' ']", "4:14: s: a command is empty")]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  commands: [{rnu: x}]",
        "4:14: s: a step has no \"run\"; write the command there"
    )]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  commands: [[x]]",
        "4:14: s: a command must be a text, or a map with \"run\""
    )]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  commands: [x]\n  vars: {'a b': x}",
        "5:9: s: \"vars\" names \"a b\", which no placeholder can"
    )]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  commands: ['echo `ls %a%`']\n  vars: {a: x}",
        "4:14: s: \"%a%\" can't be filled in safely inside backticks"
    )]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  commands: [x]\n  environment: {HC_TOKEN: x}",
        "5:17: s: the variable \"HC_TOKEN\" belongs to Thin Deployer itself"
    )]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  commands: [x]\n  environment: {A: {secrets: x}}",
        "5:21: s: unknown key \"secrets\"; did you mean \"secret\"?"
    )]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  commands: [x]\n  environment: {A: {secret: [x]}}",
        "5:20: s: \"A\" must be a text, or a map with the text of \"secret\""
    )]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  commands: [{run: x, environment: {A: [x]}}]",
        "4:40: s: \"A\" must be a text, or a map"
    )]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  commands: [x]\n  inherit_environment: [THIN_DEPLOYER_DATA]",
        "5:25: s: the variable \"THIN_DEPLOYER_DATA\" belongs"
    )]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  commands: [x]\n  request_regexp: '('",
        "5:19: s: \"request_regexp\" is not a regular expression"
    )]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  commands: [x]\n  notification_webhook_url: here",
        "5:29: s: \"notification_webhook_url\" must be an address that begins with http:// or https://"
    )]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  comands: [x]",
        "4:3: s: unknown key \"comands\"; did you mean \"commands\"?"
    )]
    [InlineData(
        "'a/b':\n  token: x\n  pwd: /\n  commands: [x]",
        "1:1: a/b: the name of a service must have 1 to 128 characters"
    )]
    [InlineData(
        "s:\n  token: x\n  pwd: /\n  pwd: /\n  commands: [x]",
        "4:3: s: duplicate key \"pwd\", first at line 3"
    )]
    [InlineData("s:\n  token: x\n  pwd: /\n  commands: [!!str x]", "4:14: s: ")]
    [InlineData(
        "s: {token: x, pwd: /, commands: [x]}\ns: {}",
        "2:1: s: duplicate service \"s\", first at line 1; give one of them another name"
    )]
    [InlineData(
        "x-a: 1\nx-a: 2\ns: {token: x, pwd: /, commands: [x]}",
        "2:1: x-a: duplicate key \"x-a\", first at line 1"
    )]
    [InlineData("s: text", "1:1: s: a service must be a map of its keys")]
    [InlineData("x-only: {}", "1:1: no service is configured; name at least one")]
    [InlineData("s:\n  include: nowhere.yml", "2:12: s: \"include\" names ")]
    [InlineData("s:\n  include: main.yml", "2:12: ")]
    [InlineData("s:\n  include:", "2:11: s: \"include\" is empty; name a file or a folder")]
    [InlineData("s:\n  token_file: none\n  pwd: /\n  commands: [x]", "2:15: s: \"token_file\" ")]
    public void A_mistake_is_named_with_its_place(string yaml, string mistake)
    {
        var snapshot = Read(yaml);

        Assert.False(snapshot.IsUsable);
        Assert.Contains(snapshot.Mistakes, line => line.Contains(mistake, StringComparison.Ordinal));
    }

    [Fact]
    public void Mistakes_come_in_the_order_of_their_lines()
    {
        var snapshot = Read("s:\n  tokne: x\n  pwd: /\n  keep: many\n  pwd: /\n  commands: ls\nt: {}\nt: {}\n");

        Assert.Equal(
            ["2:3", "2:3", "4:9", "5:3", "6:13", "7:4", "7:4", "7:4", "8:1"],
            snapshot.Problems.Select(problem => $"{problem.Place.Line}:{problem.Place.Column}")
        );
    }

    [Fact]
    public void What_is_read_twice_is_told_once()
    {
        Write("main.yml", "s: {include: '${NOT_SET_HERE}/x'}");

        var snapshot = ConfigurationReader.Read(Path.Join(_folder, "main.yml"), _ => null, _folder);

        Assert.Single(snapshot.Mistakes);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public void A_service_that_no_address_can_name_is_a_mistake(string name)
    {
        Write("main.yml", $"{name}: {{token: x, pwd: /, commands: [x]}}");

        var snapshot = ConfigurationReader.Read(Path.Join(_folder, "main.yml"), _ => null, _folder);

        Assert.Contains("neither \".\" nor \"..\"", Assert.Single(snapshot.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_without_a_service_above_them_are_one_mistake()
    {
        Write(
            "main.yml",
            "token: x\npwd: /\ncommands: [x]\nenvironment: {A: b}\ntimeout: 5m\ngood: {token: x, pwd: /, commands: [x]}"
        );

        var snapshot = ConfigurationReader.Read(Path.Join(_folder, "main.yml"), _ => null, _folder);

        Assert.Contains(
            "main.yml:1:1: these keys belong to a service; put its name above them, such as \"my-service:\"",
            Assert.Single(snapshot.Mistakes),
            StringComparison.Ordinal
        );
        Assert.Equal("good", Assert.Single(snapshot.Services).Key);
    }

    [Theory]
    [InlineData(".#site.yml", 0)]
    [InlineData("._site.yml", 0)]
    [InlineData(".site.yml.swp", 0)]
    [InlineData(".deployer.yml", 1)]
    public void A_hidden_file_of_a_folder_is_left_out(string name, int warnings)
    {
        Write("site.yml", "site: {token: long-enough-to-be-good, pwd: /, commands: [x]}");
        Write(name, "site: {token: [}");
        File.SetUnixFileMode(Path.Join(_folder, "site.yml"), UnixFileMode.UserRead);

        var snapshot = ConfigurationReader.Read(_folder, _ => null, _folder);

        Assert.Empty(snapshot.Mistakes);
        Assert.Equal("site", Assert.Single(snapshot.Services).Key);
        Assert.Equal(warnings, snapshot.Warnings.Count(line => line.Contains($"{name}:1:1: a hidden file")));
        Assert.Equal(warnings, snapshot.Warnings.Count);
    }

    [Fact]
    public void A_folder_is_read_in_name_order_and_names_are_unique_in_it()
    {
        Write("b.yaml", Service("same"));
        Write("a.yml", Service("same") + Service("other"));
        Write("c.txt", "not: read");

        var snapshot = ConfigurationReader.Read(_folder, _ => null, _folder);

        var mistake = Assert.Single(snapshot.Mistakes);
        Assert.StartsWith(Path.Join(_folder, "b.yaml") + ":1:1: same:", mistake, StringComparison.Ordinal);
        Assert.Contains(Path.Join(_folder, "a.yml") + ":1:1", mistake, StringComparison.Ordinal);
        Assert.Contains("other", snapshot.Services.Keys);
    }

    [Fact]
    public void An_include_brings_the_services_of_a_file_or_a_folder()
    {
        Directory.CreateDirectory(Path.Join(_folder, "more"));
        Write("more/one.yml", Service("one"));
        Write("two.yml", Service("two"));

        var snapshot = Read("a:\n  include: more\nb:\n  include: two.yml\n" + Service("three"));

        Assert.Empty(snapshot.Mistakes);
        Assert.Equal(["one", "three", "two"], snapshot.Services.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Path.Join(_folder, "more"), snapshot.Services["one"].Plan.Folder);
    }

    [Fact]
    public void Shared_parts_stand_under_keys_that_begin_with_x()
    {
        var snapshot = Read(
            """
            x-all: &all
              token: x
              pwd: .
            one: { <<: *all, commands: [a] }
            """
        );

        Assert.Empty(snapshot.Mistakes);
        Assert.Equal(_folder, snapshot.Services["one"].Plan.Folder);
    }

    [Fact]
    public void Commands_and_patterns_are_taken_as_written()
    {
        var snapshot = Read(
            """
            s:
              token: ${TOKEN}
              pwd: ~/x
              environment: { A: "${TOKEN}-${EMPTY:-none}" }
              request_regexp: '${'
              commands: ['echo ${TOKEN}']
            """
        );

        Assert.Empty(snapshot.Mistakes);
        Assert.Equal("echo ${TOKEN}", snapshot.Services["s"].Plan.Steps[0].Command.Source);
        Assert.Equal("from-environment-none", snapshot.Services["s"].Plan.Common.Environment.Values["A"]);
        Assert.NotEmpty(snapshot.Services["s"].Credentials.Tokens.Find(Secret.DigestOf("from-environment"u8)));
        Assert.Equal(Path.Join(_folder, "x"), snapshot.Services["s"].Plan.Folder);
    }

    private static string Service(string name) => $"{name}:\n  token: x\n  pwd: .\n  commands: [x]\n";

    private ConfigurationSnapshot Read(string yaml) =>
        ConfigurationReader.Read(
            Write("main.yml", yaml),
            name =>
                name switch
                {
                    "TOKEN" => "from-environment",
                    "EMPTY" => "",
                    _ => null,
                },
            _folder
        );

    private string Write(string name, string text)
    {
        var path = Path.Join(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
