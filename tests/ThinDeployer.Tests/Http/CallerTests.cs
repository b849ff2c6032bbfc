using System.Text;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Http;

/// <summary>What each token opens of the history.</summary>
public sealed class CallerTests : IDisposable
{
    private const string LongToken = "a-token-with-more-than-32-characters";
    private const string ViewerToken = "a-viewer-token-of-more-than-32-characters";
    private const string AdminToken = "an-admin-token-of-more-than-32-characters";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_admin_sees_all()
    {
        var caller = Of(With(AdminToken), ("shop", $"token: {LongToken}"))!;

        Assert.True(caller.IsAdmin);
        Assert.Null(caller.Services);
        Assert.True(caller.MaySee("shop"));
        Assert.True(caller.MaySee("of-old"));
        Assert.Equal("of-old", caller.AdmissionTo("of-old", Rights.All)?.Service);
        Assert.Equal("admin", caller.Credential);
        Assert.False(caller.CanBeGuessed);
    }

    [Fact]
    public void The_viewer_sees_all_and_may_do_nothing()
    {
        var caller = Of(With(ViewerToken), ("shop", $"token: {LongToken}"))!;

        Assert.False(caller.IsAdmin);
        Assert.Null(caller.Services);
        Assert.True(caller.MaySee("shop") && caller.MaySee("of-old"));
        Assert.Null(caller.AdmissionTo("shop", Rights.Deploy));
        Assert.Equal("viewer", caller.Credential);
    }

    [Fact]
    public void A_viewers_token_that_is_a_services_too_opens_that_service()
    {
        var caller = Of(With(ViewerToken), ("shop", $"token: {{ci: {ViewerToken}}}"), ("site", $"token: {LongToken}"))!;

        Assert.Equal("ci", caller.AdmissionTo("shop", Rights.Deploy)?.Credential);
        Assert.True(caller.MaySee("site"));
        Assert.Null(caller.AdmissionTo("site", Rights.Deploy));
    }

    [Fact]
    public void A_token_opens_its_own_services_only()
    {
        var caller = Of(
            With(LongToken),
            ("shop", $"token: {{ci: {LongToken}}}"),
            ("site", $"token: [another-long-token-of-somebody-else, {LongToken}]"),
            ("secret", "token: another-long-token-of-somebody-else")
        )!;

        Assert.False(caller.IsAdmin);
        Assert.Equal(["shop", "site"], caller.Services!.Order());
        Assert.True(caller.MaySee("shop"));
        Assert.False(caller.MaySee("secret"));
        Assert.Null(caller.AdmissionTo("secret", Rights.Deploy));
        Assert.Equal("ci, token", caller.Credential);
    }

    [Fact]
    public void A_header_of_a_services_own_choice_opens_that_service_only()
    {
        (string, string)[] services =
        [
            ("shop", $"token: {LongToken}, token_header: X-Mine"),
            ("site", $"token: {LongToken}"),
        ];

        Assert.Equal(["shop"], Of([("X-Mine", LongToken)], services)!.Services!);
        Assert.Equal(["shop", "site"], Of(With(LongToken), services)!.Services!.Order());
        Assert.Equal(["site"], Of([.. With(LongToken), ("X-Mine", "one"), ("X-Mine", "two")], services)!.Services!);
    }

    [Fact]
    public void Nobody_else_sees_anything()
    {
        (string, string)[] services = [("shop", $"token: {LongToken}")];

        Assert.Null(Of([], services));
        Assert.Null(Of(With("wrong"), services));
        Assert.Null(Of([.. With(LongToken), .. With(LongToken)], services));
    }

    [Fact]
    public void Without_an_admin_token_nobody_is_the_admin()
    {
        Assert.Null(Of(With(""), adminToken: null));
        Assert.Null(Of(With(AdminToken), adminToken: null));
    }

    [Theory]
    [InlineData(true, "short-token")]
    [InlineData(true, "short-token", "short-token")]
    [InlineData(false, LongToken, "short-token")]
    [InlineData(false, "short-token", LongToken)]
    public void A_token_can_be_guessed_if_it_opens_only_what_has_a_short_one(bool canBeGuessed, params string[] others)
    {
        var services = others.Select((other, i) => ($"s{i}", $"token: [{LongToken}, {other}-]")).ToArray();

        Assert.Equal(canBeGuessed, Of(With(LongToken), services)!.CanBeGuessed);
    }

    [Fact]
    public void The_admin_has_the_name_that_a_service_gives_it()
    {
        var caller = Of(With(AdminToken), ("shop", $"token: {{ci: {AdminToken}}}"))!;

        Assert.Equal("ci", caller.AdmissionTo("shop", Rights.Deploy)?.Credential);
        Assert.Equal("admin", caller.AdmissionTo("site", Rights.Deploy)?.Credential);
    }

    [Theory]
    [InlineData(true, "short-admin")]
    [InlineData(false, AdminToken)]
    public void So_can_that_of_the_admin_by_its_own_length(bool canBeGuessed, string adminToken) =>
        Assert.Equal(
            canBeGuessed,
            Of(With(adminToken), adminToken, ("shop", $"token: [{LongToken}, short-token]"))!.CanBeGuessed
        );

    [Fact]
    public void Of_many_names_the_log_has_three()
    {
        var services = Enumerable.Range(0, 5).Select(i => ($"s{i}", $"token: {{name-{i}: {LongToken}}}")).ToArray();

        Assert.Equal("name-0, name-1, name-2", Of(With(LongToken), services)!.Credential);
    }

    [Fact]
    public void A_token_may_what_its_service_says_and_no_more()
    {
        var caller = Of(
            With(LongToken),
            ("shop", $"token: {{ci: {{value: {LongToken}, may: [deploy]}}}}"),
            ("site", $"token: {{ci: {{value: {LongToken}, may: [read, approve]}}}}"),
            ("wiki", "token: another-long-token-of-somebody-else")
        )!;

        Assert.Equal(["site"], caller.Services!);
        Assert.NotNull(caller.AdmissionTo("shop", Rights.Deploy));
        Assert.Null(caller.AdmissionTo("shop", Rights.Read));
        Assert.False(caller.MaySee("shop"));
        Assert.NotNull(caller.AdmissionTo("site", Rights.Approve));
        Assert.Null(caller.AdmissionTo("site", Rights.Deploy));
        Assert.Equal(new GateAnswer.Lacks(Rights.Cancel, "ci"), caller.WhyNot("shop", Rights.Cancel));
        Assert.Null(caller.WhyNot("shop", Rights.Deploy));
        Assert.Null(caller.WhyNot("wiki", Rights.Read));
    }

    [Fact]
    public void The_admin_may_what_no_token_may_by_default()
    {
        Assert.NotNull(Of(With(AdminToken))!.AdmissionTo("shop", Rights.All));
        Assert.Null(Of(With(LongToken), ("shop", $"token: {LongToken}"))!.AdmissionTo("shop", Rights.Approve));
        Assert.Null(Of(With(AdminToken))!.AdmissionTo("shop", Rights.None));
    }

    [Fact]
    public void The_viewer_is_told_of_every_service_that_it_may_only_look()
    {
        var caller = Of(With(ViewerToken), ("shop", $"token: {LongToken}"))!;

        Assert.Null(caller.WhyNot("shop", Rights.Read));
        Assert.Equal(new GateAnswer.Refused("may_only_see"), caller.WhyNot("shop", Rights.Cancel));
    }

    [Fact]
    public void A_token_that_has_ended_opens_nothing()
    {
        (string, string)[] services =
        [
            ("shop", $"token: {{ci: {{value: {LongToken}, until: 2026-01-30}}}}"),
            ("site", $"token: {{ci: {{value: {LongToken}, until: 2026-01-31}}}}"),
        ];

        Assert.Equal(["site"], Of(With(LongToken), services)!.Services!);
        Assert.Null(Of(With(LongToken), services[0]));
    }

    private static DateTimeOffset Now { get; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static (string, string)[] With(string token) => [("X-Auth-Token", token)];

    private Caller? Of((string Name, string Value)[] headers, params (string, string)[] services) =>
        Of(headers, AdminToken, services);

    private Caller? Of(
        (string Name, string Value)[] headers,
        string? adminToken,
        params (string Name, string Keys)[] services
    )
    {
        var sent = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            sent.Append(name, value);
        }

        var lines = services.Select(service => $"{service.Name}: {{pwd: ., commands: [ls], {service.Keys}}}\n");
        var path = _folder.Write("main.yml", Encoding.UTF8.GetBytes(string.Concat(lines)));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var snapshot = ConfigurationReader.Read(path, _ => null, _folder.FullName);
        Assert.True(services is [] || snapshot.Mistakes is []);
        var query = new ArgumentCollection(new HashSet<string>(StringComparer.Ordinal));
        var admin = adminToken is null ? null : Token.Parse(name: null, adminToken);
        var keys = new DoorKeys(
            admin,
            Health: null,
            Metrics: null,
            Token.Parse(name: null, ViewerToken),
            Sessions: null,
            OpensMetricsOnLoopback: false,
            () => services is [] ? [] : snapshot.Services.Values
        );
        return OfferedTokens.Of(sent, query, tokenHeader: null) is { } offered
            ? Caller.Of(sent, query, offered, keys, Now)
            : null;
    }
}
