using ThinDeployer.Configuration;

namespace ThinDeployer.Tests.Configuration;

/// <summary>What a configuration is warned of when it is read. Nothing of it keeps it from being used.</summary>
public sealed class WarningTests : IDisposable
{
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode OpenFolder =
        Everybody | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Others may enter it, as they may not a temporary folder of its own kind.</summary>
    private readonly string _folder = Directory
        .CreateDirectory(Path.Join(Path.GetTempPath(), "thin-deployer-" + Guid.NewGuid()), OpenFolder)
        .FullName;

    public WarningTests() => File.SetUnixFileMode(_folder, OpenFolder);

    public void Dispose() => TemporaryFolder.Remove(_folder);

    [Theory]
    [InlineData("token: short-one, pwd: .", "1:28: s: a token has fewer than 16 characters")]
    [InlineData("token: [a-token-of-good-length, short], pwd: .", "1:53: s: a token has fewer than 16 characters")]
    [InlineData(
        "token: seven77, pwd: .",
        "1:28: s: a token has fewer than 16 characters, and so few that it can't be masked in output; make one"
    )]
    [InlineData(
        "token: x, pwd: ., environment: {A: {secret: seven77}}",
        "1:65: s: a secret, or a line of it, is shorter"
    )]
    [InlineData("token: x, pwd: nowhere", "1:36: s: \"pwd\" names ", "which is no folder now")]
    [InlineData("token: x, pwd: main.yml", "1:36: s: \"pwd\" names ", "which is no folder now")]
    [InlineData("token: x, pwd: ., on_failure: [{run: ls, pwd: /nowhere}]", "1:67: s: \"pwd\" names \"/nowhere\"")]
    [InlineData("token: x, pwd: ., use_notification: yes", "1:57: s: \"use_notification\" is on, but")]
    [InlineData(
        "token: x, pwd: ., request_regexp: '[production|stage]+'",
        "1:55: s: \"request_regexp\" has \"[production|stage]\"",
        "write \"(production|stage)\""
    )]
    [InlineData("token: x, pwd: ., request_regexp: '(?=a)'", "1:55: s: \"request_regexp\" needs backtracking")]
    [InlineData(
        "token: x, pwd: ., on_success: ['sh -c \"ls %v%\"'], vars: {v: x}",
        "1:52: s: \"%v%\" is read as code again by sh -c",
        "sh -c '… \"$1\" …' sh %v%"
    )]
    [InlineData(
        "token: x, pwd: ., on_failure: ['./back.sh %tag%']",
        "1:52: s: \"%tag%\" stays as written where a request does not give it; declare it in \"variables\""
    )]
    [InlineData(
        "token: x, pwd: ., on_failure: ['./back.sh %tag%'], variables: {ref: {argument: r}}",
        "1:52: s: \"%tag%\" stays as written, because it is not among \"variables\""
    )]
    [InlineData(
        "token: x, pwd: ., on_failure: ['./back.sh %banch%'], vars: {branch: main}",
        "1:52: s: \"%banch%\" is not declared, so it may stay as written; did you mean \"%branch%\"?"
    )]
    [InlineData(
        "token: x, pwd: ., on_failure: [\"cat <<E\\n%tag%\\nE\"]",
        "1:52: s: \"%tag%\" stays as written, because it stands inside a here-document"
    )]
    [InlineData("token: x, pwd: ., environment: {my-var: a}", "1:53: s: a variable called \"my-var\" may not reach")]
    [InlineData("token: x, pwd: ., inherit_environment: [a.b]", "1:61: s: a variable called \"a.b\" may not reach")]
    [InlineData("token: x, pwd: ., on_failure: [{run: ls, environment: {1a: x}}]", "1:76: s: a variable called \"1a\"")]
    [InlineData(
        "token: x, pwd: ., environment: {PATH: '$PATH:/opt/bin'}",
        "1:59: s: \"$PATH\" stays as written; write \"${PATH}\""
    )]
    [InlineData("token: x, pwd: ., environment: {A: '/opt/bin:$PATH'}", "\"$PATH\" stays as written")]
    [InlineData("token: x, pwd: $HOME/site", "1:36: s: \"$HOME\" stays as written; write \"${HOME}\"")]
    [InlineData("token: x, pwd: ., vars: {a: $TOKEN}", "\"$TOKEN\" stays as written")]
    [InlineData("token: x, pwd: ., on_failure: [cd build]", "1:52: s: \"cd\" has no effect on the other commands")]
    [InlineData("token: x, pwd: ., on_success: [\"make\\nls\"]", "1:52: s: a line that fails does not stop")]
    public void It_is_warned_of_with_its_place(string keys, params string[] parts)
    {
        var snapshot = Read($"s: {{commands: [ls], {keys}}}");

        Assert.Empty(snapshot.Mistakes);
        Assert.Contains(snapshot.Warnings, line => parts.All(part => line.Contains(part, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("token: a-token-of-good-length")]
    [InlineData("token: a-token-of-good-length\n  on_failure: ['date +%Y%m%d; printf \"%s%s\" a b']")]
    [InlineData("token: sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(
        "token: ${TOKEN}\n  environment: {A: 'a$PATHb', B: '$$PATH', C: 'ssh -i $HOME/x', D: '$OTHER', E_1: pa$word}"
    )]
    [InlineData("token: sixteen-letters!\n  request_regexp: '(production|stage)'")]
    public void A_good_service_is_not_warned_of(string keys)
    {
        var snapshot = Read($"s:\n  commands: [git checkout %v%]\n  vars: {{v: main}}\n  pwd: .\n  {keys}\n");

        Assert.Empty(snapshot.Mistakes);
        Assert.Empty(snapshot.Warnings);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("on_failure: [./tell]", false)]
    [InlineData("on_success: [./tell]", false)]
    public void Users_and_folders_of_other_machines_are_not_looked_for_on_a_front_that_runs_nothing(
        string hook,
        bool isGood
    )
    {
        var snapshot = Read(
            "s:\n  token: a-token-of-good-length\n  machines: all\n  pwd: /nowhere\n  run_as: nobody-here\n"
                + $"  commands: [ls]\n  {hook}\n"
        );

        Assert.Equal(isGood, snapshot.Mistakes.Count == 0);
        Assert.Equal(isGood, snapshot.Warnings.Count == 0);
    }

    [Theory]
    [InlineData("make deploy TAG=%v%", "{argument: v}", "\"%v%\" is read as code again by make")]
    [InlineData("make deploy TAG=%v%", "{argument: v, pattern: '.+'}", "\"%v%\" is read as code again by make")]
    [InlineData("make deploy TAG=%v%", "{argument: v, pattern: '[$a-z]+'}", "\"%v%\" is read as code again by make")]
    [InlineData("make deploy TAG=%v%", "{argument: v, pattern: '[A-Za-z0-9._/-]+'}", null)]
    [InlineData("sed -i s/x/%v%/ f", "{argument: v, pattern: '[a-z/]+'}", "\"%v%\" is read as code again by sed")]
    [InlineData("sed -i s/x/%v%/ f", "{argument: v, pattern: '[a-z._-]+'}", null)]
    [InlineData("sh -c 'ls %w%'", "{argument: v}", null)]
    [InlineData("git fetch; sudo make deploy", "{argument: v}", "\"$DEPLOY_V\" is read as code again by make")]
    [InlineData("make deploy", "{argument: v, pattern: '[a-z]+'}", null)]
    [InlineData("cmake deploy", "{argument: v}", null)]
    [InlineData(
        "sh -c \"ls $DEPLOY_V\"",
        "{argument: v}",
        "\"$DEPLOY_V\" is read as code again by sh -c, whatever quotes stand here; hand it over as an argument: sh -c '… \"$1\" …' sh \"$DEPLOY_V\", or"
    )]
    [InlineData("sh -c 'ls \"$DEPLOY_V\"'", "{argument: v}", null)]
    [InlineData("sh -c \"ls $DEPLOY_W\"", "{argument: v}", null)]
    public void What_is_read_as_code_again_is_warned_of_unless_a_pattern_keeps_it_harmless(
        string command,
        string variable,
        string? warning
    )
    {
        var snapshot = Read(
            $"s:\n  token: '${{TOKEN}}'\n  pwd: .\n  vars: {{w: x}}\n  variables: {{v: {variable}}}\n  commands:\n  - |-\n    {command}\n"
        );

        Assert.Empty(snapshot.Mistakes);
        if (warning is null)
        {
            Assert.Empty(snapshot.Warnings);
        }
        else
        {
            Assert.Contains(": s: " + warning, Assert.Single(snapshot.Warnings), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_variable_in_the_environment_is_warned_of_once_a_service()
    {
        var snapshot = Read(
            "s: {commands: [make a, make b], pwd: ., token: '${TOKEN}', variables: {v: {argument: v}, w-x: {argument: w}}}"
        );

        Assert.Single(snapshot.Warnings);
    }

    [Fact]
    public void A_placeholder_without_a_value_is_warned_of_once_a_service()
    {
        var snapshot = Read(
            "s: {commands: [echo %a% %a%, echo %a%], on_failure: [echo %a%], pwd: ., token: '${TOKEN}'}"
        );

        Assert.Single(snapshot.Warnings);
    }

    [Theory]
    [InlineData("token: a-token-of-good-length", 1)]
    [InlineData("token: ${TOKEN}", 0)]
    [InlineData("token: sha256:0000000000000000000000000000000000000000000000000000000000000000", 0)]
    [InlineData("token: ${TOKEN}\n  notification_webhook_url: https://chat/hook", 1)]
    [InlineData("token: ${TOKEN}\n  environment: {DB_PASSWORD: x}", 1)]
    [InlineData("token: ${TOKEN}\n  environment: {A: {secret: long-enough}}", 1)]
    [InlineData("token: ${TOKEN}\n  environment: {A: {secret: '${TOKEN}'}}", 0)]
    [InlineData("token: ${TOKEN}\n  environment: {DB_PASSWORD: '${TOKEN}', DB_PASSWORD_FILE: /run/x}", 0)]
    public void A_secret_that_everybody_may_read_is_warned_of_once_a_file(string keys, int warnings)
    {
        var snapshot = Read(
            $"s:\n  commands: [ls]\n  pwd: .\n  {keys}\nt:\n  commands: [ls]\n  pwd: .\n  {keys}\n",
            Everybody
        );

        Assert.Empty(snapshot.Mistakes);
        Assert.Equal(
            warnings,
            snapshot.Warnings.Count(line => line.Contains(": s: a token or secret stands in a file"))
        );
        Assert.Equal(warnings, snapshot.Warnings.Count);
    }

    [Theory]
    [InlineData("token: a-token-of-good-length", ", or write a token's sha256: digest")]
    [InlineData(
        "signature: {sender: github, secret: a-secret-of-good-length}",
        ", or take it from the environment: ${NAME}"
    )]
    [InlineData(
        "token: a-token-of-good-length\n  notification_webhook_url: https://chat/hook",
        ", or take it from the environment: ${NAME}"
    )]
    public void What_is_no_token_has_no_digest(string keys, string cure)
    {
        var snapshot = Read($"s:\n  commands: [ls]\n  pwd: .\n  {keys}\n", Everybody);

        Assert.EndsWith(cure, Assert.Single(snapshot.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_signing_secret_is_the_senders_too()
    {
        var snapshot = Read("s: {signature: {sender: github, secret: short-one}, pwd: ., commands: [ls]}");

        Assert.EndsWith(
            "give the sender a longer one, and write it here",
            Assert.Single(snapshot.Warnings),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    public void A_file_for_its_owner_and_group_is_not_warned_of(UnixFileMode mode)
    {
        var snapshot = Read("s: {token: a-token-of-good-length, pwd: ., commands: [ls]}", mode);

        Assert.Empty(snapshot.Warnings);
    }

    [Fact]
    public void A_folder_that_keeps_others_out_protects_what_is_in_it()
    {
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var snapshot = Read("s: {token: a-token-of-good-length, pwd: ., commands: [ls]}", Everybody);

        Assert.Empty(snapshot.Warnings);
    }

    [Fact]
    public void A_link_to_a_protected_file_is_as_protected()
    {
        Write("real.yml", "s: {token: a-token-of-good-length, pwd: ., commands: [ls]}", UnixFileMode.UserRead);
        File.CreateSymbolicLink(Path.Join(_folder, "link.yml"), "real.yml");

        var snapshot = ConfigurationReader.Read(Path.Join(_folder, "link.yml"), _ => null, _folder);

        Assert.Empty(snapshot.Warnings);
    }

    [Theory]
    [InlineData("token_file: lines", 17)]
    [InlineData("signature: {sender: github, secret_file: lines}", 46)]
    public void A_file_of_secrets_that_everybody_may_read_is_warned_of_where_it_is_named(string keys, int column)
    {
        Write("lines", "a-token-of-good-length\n", Everybody);

        var snapshot = Read($"s: {{{keys}, pwd: ., commands: [ls]}}");

        var warning = Assert.Single(snapshot.Warnings);
        Assert.Contains($"main.yml:1:{column}: s: a token or secret stands", warning, StringComparison.Ordinal);
        Assert.Contains(Path.Join(_folder, "lines"), warning, StringComparison.Ordinal);
        Assert.DoesNotContain("a-token-of-good-length", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_everybody_may_change_is_warned_of()
    {
        var snapshot = Read(
            "s: {token: '${TOKEN}', pwd: ., commands: [ls]}",
            UnixFileMode.UserRead | UnixFileMode.OtherWrite
        );

        var warning = Assert.Single(snapshot.Warnings);
        Assert.Contains(
            "main.yml:1:1: everybody on this machine may change this file",
            warning,
            StringComparison.Ordinal
        );
    }

    private ConfigurationSnapshot Read(string yaml, UnixFileMode mode = UnixFileMode.UserRead) =>
        ConfigurationReader.Read(
            Write("main.yml", yaml, mode),
            name => name == "TOKEN" ? "a-token-from-elsewhere" : null,
            _folder
        );

    private string Write(string name, string text, UnixFileMode mode)
    {
        var path = Path.Join(_folder, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
