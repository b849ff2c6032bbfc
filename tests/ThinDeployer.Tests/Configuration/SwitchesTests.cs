using ThinDeployer.Configuration;

namespace ThinDeployer.Tests.Configuration;

/// <summary>Each setting of the table, by what may be said of all.</summary>
public sealed class SwitchesTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>The last values that it takes, and the first that it does not. What takes any text has none of these.</summary>
    private static readonly Dictionary<Switch, (string[] Within, string[] Beyond)> Edges = new()
    {
        [Switches.Configuration] = (["/", "~", "a b"], []),
        [Switches.Port] = (["0", "65535"], ["-1", "65536", "8 0", "99999999999999999999"]),
        [Switches.Listen] = (
            [
                "::",
                "127.0.0.1",
                "localhost",
                "127.0.0.1:80,[::1]:0",
                "unix:/run/a b.sock",
                "unix:/a,mode=0600,localhost:65535",
                "unix:/" + new string('a', 106),
            ],
            [
                "example.org",
                "8013",
                "127.0.0.1:",
                "127.0.0.1:65536",
                "127.0.0.1:+1",
                "[127.0.0.1]:80",
                "[::1",
                "127.0.0.1,",
                "127.0.0.1,127.0.0.1:8012",
                "unix:",
                "unix:a.sock",
                "unix:/run/",
                "unix:/a,mode=0888",
                "unix:/a,mode=01777",
                "unix:/a,mode=",
                "mode=0600",
                "127.0.0.1,mode=0600",
                "unix:/a,unix:/a,mode=0600",
                "unix:/" + new string('a', 107),
                "unix:/" + new string('ä', 54),
            ]
        ),
        [Switches.TlsCertificate] = (["/etc/deploy.pem"], []),
        [Switches.TlsKey] = (["/etc/deploy.key"], []),
        [Switches.TlsClientAuthority] = (["clients.pem"], []),
        [Switches.PathBase] = (
            ["/deployer", "/a/b.c-d_e~f"],
            [
                "deployer",
                "/",
                "/a/",
                "//a",
                "/a//b",
                "/a/../b",
                "/.",
                "/a b",
                "/%61",
                "/ä",
                "/a?b",
                "/a#b",
                "https://a/b",
            ]
        ),
        [Switches.LogFile] = (["deployer.log", "/var/log/deployer"], []),
        [Switches.LogFormat] = (["text", "json"], ["xml", "JSON"]),
        [Switches.Data] = (["/", "~/data"], []),
        [Switches.MaximumBody] = (["0B", "1GiB", "1073741824B"], ["1073741825B", "2GiB", "1 MiB", "1", "-1B"]),
        [Switches.AdminToken] = (["a", Digest, "sha256"], ["sha256:", Digest + "0"]),
        [Switches.ViewerToken] = (["a", Digest, "sha256"], ["sha256:", Digest + "0"]),
        [Switches.MetricsToken] = (["a", Digest, "sha256"], ["sha256:", Digest + "0"]),
        [Switches.MaximumParallel] = (["1", "10000"], ["0", "10001"]),
        [Switches.ShutdownGrace] = (["0s", "24h", "86400000ms"], ["86400001ms", "2d", "30", "-1s"]),
        [Switches.AuthFailuresPerMinute] = (["0", "1000000"], ["-1", "1000001", "many"]),
        [Switches.TrustedProxies] = (
            ["10.0.0.0/32", "::1, fd00::/8", "unix"],
            ["10.0.0.0/33", "proxy.example.org", "unix:"]
        ),
        [Switches.HideServices] = (["true", "no", "1", "0"], ["perhaps", "2"]),
        [Switches.Page] = (["false", "yes", "0"], ["maybe", "2"]),
        [Switches.PublicUrl] = (
            ["https://deploy.example.org", "http://127.0.0.1:8012/base/"],
            ["deploy.example.org", "ftp://a", "https://a/?b", "https://me@a"]
        ),
        [Switches.Broker] = (
            [
                "amqps://a:b@broker.example",
                "amqps://a:b@[2001:db8::1]:5671/vhost?management=443",
                "amqp://a:b@127.0.0.1:5672",
                "amqp://a:b@localhost/",
                "amqp://a:b@[::1]",
            ],
            [
                "https://a:b@broker.example",
                "broker.example",
                "amqps://broker.example",
                "amqps://a@broker.example",
                "amqps://:b@broker.example",
                "amqps://a:@broker.example",
                "amqp://a:b@broker.example",
                "amqps://a:b@broker.example/one/two",
                "amqps://a:b@broker.example#x",
                "amqps://a:b@broker.example?management=0",
                "amqps://a:b@broker.example?management=65536",
                "amqps://a:b@broker.example?heartbeat=1",
            ]
        ),
        [Switches.BrokerAuthority] = (["/etc/broker.pem"], []),
        [Switches.Machine] = (
            ["a", "web-1.example_2", "0", new string('a', 63)],
            ["A", "-a", ".a", "_a", "a b", "ä", "all", new string('a', 64)]
        ),
        [Switches.HealthToken] = (["a", "sha256:"], []),
        [Switches.MinimumTokenLength] = (["0", "4096"], ["-1", "4097"]),
        [Switches.MaximumDiskUsage] = (["0", "100"], ["-1", "101"]),
    };

    public static TheoryData<string, string> Within => Pairs(one => Edges[one].Within);

    public static TheoryData<string, string> Beyond => Pairs(one => Edges[one].Beyond);

    public static TheoryData<string, string> Defaults => Pairs(one => one.Default is { } text ? [text] : []);

    public static TheoryData<string> Secrets =>
        [.. Switches.All.Where(one => one.IsSecret).Select(one => one.Variable)];

    [Fact]
    public void Each_has_its_edges_here() => Assert.Equal(Switches.All, Edges.Keys);

    [Theory]
    [MemberData(nameof(Within))]
    public void What_is_within_its_range_is_taken(string variable, string value) =>
        Assert.Empty(Read(variable, value).Mistakes);

    [Theory]
    [MemberData(nameof(Beyond))]
    public void What_is_beyond_is_a_mistake_that_names_it_and_leaves_the_default(string variable, string value)
    {
        var settings = Read(variable, value);

        Assert.Contains(variable, Assert.Single(settings.Mistakes), StringComparison.Ordinal);
        Assert.Equal(All(Read("", "")), All(settings));
    }

    [Theory]
    [MemberData(nameof(Defaults))]
    public void Its_default_may_be_written_out(string variable, string value) =>
        Assert.Equal(All(Read("", "")), All(Read(variable, value)));

    [Theory]
    [MemberData(nameof(Secrets))]
    public void What_admits_is_masked(string variable)
    {
        var masked = Assert.Single(Read(variable, "a-token\n").Configuration.ServerSecrets);

        Assert.True(masked.Matches("a-token"u8));
    }

    [Theory]
    [InlineData("amqps://front:pass%2Fword@broker.example", "pass%2Fword", "pass/word")]
    [InlineData("amqps://front:pass:word@broker.example", "pass:word", "pass:word")]
    public void The_password_of_the_broker_is_masked_as_it_is_written_and_as_it_is(
        string url,
        string written,
        string meant
    )
    {
        var secret = Assert.Single(Read(Switches.Broker.Variable, url).Configuration.ServerSecrets);

        var lines = secret.MaskedLines.Select(System.Text.Encoding.UTF8.GetString);
        Assert.Equal(new[] { written, meant }.Distinct(), lines);
    }

    [Fact]
    public void A_broker_is_named_without_its_password()
    {
        var settings = Read(Switches.Broker.Variable, "amqps://front:password@broker.example");

        Assert.Equal("front:password", settings.Machines.Broker!.UserInfo);
        Assert.DoesNotContain("password", settings.Machines.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_a_digest_is_not_known() =>
        Assert.Empty(Read(Switches.AdminToken.Variable, Digest).Configuration.ServerSecrets);

    [Fact]
    public void Each_is_asked_for()
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);

        ServerSettings.Read(_ => null, NoteDown, serves: false);

        Assert.Superset(Switches.All.Select(one => one.Variable).ToHashSet(), asked);

        string? NoteDown(string name)
        {
            asked.Add(name);
            return null;
        }
    }

    [Fact]
    public void The_documents_say_the_same()
    {
        var file = Path.Combine(SettingsTable.Repository, "docs", "configuration.md");
        var written = File.ReadAllText(file);
        var right = SettingsTable.PutInto(written);
        if (right != written)
        {
            var aside = Directory.CreateDirectory(Path.Combine(SettingsTable.Repository, "artifacts")).FullName;
            File.WriteAllText(Path.Combine(aside, "configuration.md"), right);
            Assert.Fail("cp artifacts/configuration.md docs/");
        }
    }

    private static TheoryData<string, string> Pairs(Func<Switch, IEnumerable<string>> textsOf)
    {
        var pairs = new TheoryData<string, string>();
        foreach (var one in Switches.All)
        {
            foreach (var text in textsOf(one))
            {
                pairs.Add(one.Variable, text);
            }
        }

        return pairs;
    }

    private static ServerSettings Read(string variable, string value) =>
        ServerSettings.Read(_ => null, name => name == variable ? value : null, serves: false);

    /// <summary>All values.</summary>
    private static IEnumerable<object> All(ServerSettings settings) =>
        [
            settings.Listen.Addresses,
            settings.Log,
            settings.Engine,
            settings.Http,
            settings.Health,
            settings.Machines,
            settings.Configuration.Path,
            settings.Configuration.MinimumTokenLength,
        ];
}
