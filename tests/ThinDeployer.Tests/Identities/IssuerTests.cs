using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Identities;

namespace ThinDeployer.Tests.Identities;

/// <summary>The keys of an issuer on this machine, by a clock of the test.</summary>
#pragma warning disable CA1001 // The runner calls DisposeAsync.
public sealed class IssuerTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TestIssuer _issuer = null!;
    private IssuerClient _client = null!;
    private IdentityCheck _check = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _client = new IssuerClient(_time);
        _check = new IdentityCheck(_client, _time, NullLogger<IdentityCheck>.Instance);
    }

    public async Task DisposeAsync()
    {
        _gate.TrySetResult();
        _check.Dispose();
        _client.Dispose();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task It_is_asked_once_for_many_tokens()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(await WhyNotAsync(Token()));
        }

        Assert.Equal((1, 1), (_issuer.Documents, _issuer.KeySets));
    }

    [Fact]
    public async Task One_that_is_not_configured_is_never_asked()
    {
        var (identity, whyNot) = await _check.ProveAsync(
            [Token()],
            new HashSet<string> { "https://another.example" },
            CancellationToken.None
        );

        Assert.Null(identity);
        Assert.Null(whyNot);
        Assert.Equal(0, _issuer.Documents);
    }

    [Fact]
    public async Task What_can_not_be_right_makes_nobody_ask()
    {
        Assert.Equal("identity_expired", await WhyNotAsync(Token(ends: -120)));
        Assert.Equal(
            "identity_algorithm",
            await WhyNotAsync((_issuer.Keys[0] with { Algorithm = "none" }).Sign(_issuer.Claims()))
        );
        Assert.Equal(0, _issuer.Documents);
    }

    [Fact]
    public async Task A_new_key_is_found_and_strangers_make_nobody_ask_more_than_once_a_minute()
    {
        Assert.Null(await WhyNotAsync(Token()));
        var (old, next) = (_issuer.Keys[0], TestKey.NewRsa("next"));
        _issuer.Keys = [next];

        Assert.Equal("identity_unknown_key", await WhyNotAsync(Token(next)));
        Assert.Equal("identity_unknown_key", await WhyNotAsync(Token(TestKey.NewRsa("forged"))));
        Assert.Equal(1, _issuer.KeySets);
        _time.Advance(Issuer.Pause);
        Assert.Null(await WhyNotAsync(Token(next)));
        Assert.Equal("identity_unknown_key", await WhyNotAsync(Token(old)));
        Assert.Equal("identity_unknown_key", await WhyNotAsync(Token(TestKey.NewRsa("forged"))));
        Assert.Equal(2, _issuer.KeySets);
    }

    [Fact]
    public async Task A_key_that_is_taken_back_counts_an_hour_at_most()
    {
        var token = Token(ends: 7200);
        Assert.Null(await WhyNotAsync(token));
        _issuer.Keys = [TestKey.NewRsa("next")];

        _time.Advance(Issuer.Fresh);
        Assert.Null(await WhyNotAsync(token));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("identity_unknown_key", await WhyNotAsync(token));
    }

    [Fact]
    public async Task Its_last_keys_count_a_day_while_it_is_down()
    {
        var token = Token(ends: 100_000);
        Assert.Null(await WhyNotAsync(token));
        _issuer.IsDown = true;

        _time.Advance(TimeSpan.FromHours(23));
        Assert.Null(await WhyNotAsync(token));
        _time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        Assert.Equal("identity_keys_unavailable", await WhyNotAsync(token));
        _issuer.IsDown = false;
        _time.Advance(Issuer.Pause);
        Assert.Null(await WhyNotAsync(token));
    }

    [Fact]
    public async Task One_that_was_down_is_asked_again_soon()
    {
        _issuer.IsDown = true;
        Assert.Equal("identity_keys_unavailable", await WhyNotAsync(Token()));
        _issuer.IsDown = false;

        Assert.Equal("identity_keys_unavailable", await WhyNotAsync(Token()));
        _time.Advance(Issuer.ShortPause);
        Assert.Null(await WhyNotAsync(Token()));
    }

    [Fact]
    public async Task A_slow_one_is_waited_for_by_few_and_not_for_long()
    {
        _issuer.Gate = _gate.Task;
        var waiting = Enumerable.Range(0, 100).Select(_ => WhyNotAsync(Token())).ToList();
        await Task.WhenAll(waiting.Skip(64));
        Assert.All(waiting.Take(64), one => Assert.False(one.IsCompleted));

        _time.Advance(Issuer.Patience);
        Assert.All(await Task.WhenAll(waiting), whyNot => Assert.Equal("identity_keys_unavailable", whyNot));
        Assert.InRange(_issuer.Documents, 0, 1);
    }

    [Fact]
    public async Task Who_has_a_known_key_does_not_wait_for_a_slow_one()
    {
        Assert.Null(await WhyNotAsync(Token()));
        _issuer.Gate = _gate.Task;
        _time.Advance(Issuer.Pause);

        var unknown = WhyNotAsync(Token(TestKey.NewRsa("next")));
        Assert.Null(await WhyNotAsync(Token()));
        Assert.False(unknown.IsCompleted);
        _gate.SetResult();
        Assert.Equal("identity_unknown_key", await unknown);
    }

    [Fact]
    public async Task A_document_that_names_another_issuer_counts_for_nothing()
    {
        _issuer.NameInDocument = "https://another.example";

        Assert.Equal("its document names another issuer", await WhyFailedAsync());
        Assert.Equal("identity_keys_unavailable", await WhyNotAsync(Token()));
        Assert.Equal(0, _issuer.KeySets);
    }

    [Theory]
    [InlineData("http://ci.example/keys")]
    [InlineData("file:///etc/passwd")]
    [InlineData("keys")]
    public async Task Keys_come_by_https_only(string address)
    {
        _issuer.KeyAddress = address;

        Assert.Equal("its document names no https address for its keys", await WhyFailedAsync());
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _issuer.KeyAddress = _issuer.Name + "/elsewhere";

        Assert.Equal("it answered 302", await WhyFailedAsync());
    }

    [Theory]
    [InlineData("", "its answer is no JSON")]
    [InlineData("<html>", "its answer is no JSON")]
    [InlineData("[]", "its answer holds no keys")]
    [InlineData("{\"keys\":{}}", "its answer holds no keys")]
    [InlineData("{\"keys\":[]}", "none of its keys can be used; RSA, P-256 and P-384 can")]
    [InlineData(
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}",
        "none of its keys can be used; RSA, P-256 and P-384 can"
    )]
    public async Task What_holds_no_keys_is_told(string answer, string why)
    {
        _issuer.KeySet = answer;

        Assert.Equal(why, await WhyFailedAsync());
    }

    [Fact]
    public async Task A_huge_answer_is_not_read_to_its_end()
    {
        _issuer.KeySet = $"{{\"keys\":[],\"more\":\"{new string('x', IssuerClient.LargestAnswer)}\"}}";

        Assert.Equal("its answer is too large", await WhyFailedAsync());
    }

    [Fact]
    public async Task Of_very_many_keys_only_the_first_count()
    {
        var one = TestKey.NewCurve("k").Public.ToJsonString();
        _issuer.KeySet = $"{{\"keys\":[{string.Join(',', Enumerable.Repeat(one, 500))}]}}";

        var answer = await _client.AskAsync(_issuer.Name, CancellationToken.None);

        Assert.Equal(IssuerClient.MaximumKeys, Assert.IsType<IssuerAnswer.Keys>(answer).All.Count);
    }

    [Fact]
    public async Task One_that_is_not_there_can_not_be_reached()
    {
        var name = _issuer.Name;
        await _issuer.DisposeAsync();

        var answer = await _client.AskAsync(name, CancellationToken.None);

        Assert.StartsWith(
            "it can't be reached",
            Assert.IsType<IssuerAnswer.Failed>(answer).Why,
            StringComparison.Ordinal
        );
    }

    private async Task<string> WhyFailedAsync() =>
        Assert.IsType<IssuerAnswer.Failed>(await _client.AskAsync(_issuer.Name, CancellationToken.None)).Why;

    private async Task<string?> WhyNotAsync(string token)
    {
        var (identity, whyNot) = await _check.ProveAsync(
            ["not-a-token", token],
            new HashSet<string> { _issuer.Name },
            CancellationToken.None
        );
        Assert.Equal(identity is null, whyNot is not null);
        return whyNot?.Code;
    }

    private string Token(int ends) =>
        _issuer.Token(claims => claims["exp"] = _time.GetUtcNow().AddSeconds(ends).ToUnixTimeSeconds());

    private string Token(TestKey? key = null) =>
        _issuer.Token(claims => claims["exp"] = _time.GetUtcNow().AddSeconds(300).ToUnixTimeSeconds(), key);
}
