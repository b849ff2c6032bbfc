using ThinDeployer.Http;
using ThinDeployer.Security;
using ThinDeployer.Telemetry;
using static ThinDeployer.Tests.Http.GateSample;

namespace ThinDeployer.Tests.Http;

/// <summary>When a body is read before its sender is let in, and what it decides.</summary>
public sealed class DoorBodyTests
{
    private readonly FailureLimiter _failures = new(1, TimeProvider.System);
    private BodyBudget _budget = new();

    [Fact]
    public async Task A_right_token_in_the_head_decides_without_the_body()
    {
        var attempt = Attempt(Tokens(LongToken), signature: null, "token=wrong", Form, $"X-Auth-Token: {LongToken}");

        Assert.IsType<GateAnswer.Admitted>(await DecideAsync(attempt));

        Assert.False(attempt.Request.IsRead);
    }

    [Theory]
    [InlineData($"token={LongToken}", null)]
    [InlineData("token=wrong", "token_mismatch")]
    [InlineData("other=x", "token_missing")]
    [InlineData($"token={LongToken}&token={LongToken}", "token_twice")]
    [InlineData($"token=wrong&token={LongToken}", "token_twice")]
    public async Task A_token_in_a_form_admits_where_it_comes_once(string form, string? reason)
    {
        var attempt = Attempt(Tokens(LongToken), signature: null, form, Form);

        Assert.Equal(reason, ReasonOf(await DecideAsync(attempt)));
    }

    [Theory]
    [InlineData($"token={LongToken}", null)]
    [InlineData("other=x", "token_mismatch")]
    public async Task A_wrong_token_in_the_head_does_not_spoil_a_right_one_in_the_form(string form, string? reason)
    {
        var attempt = Attempt(Tokens(LongToken), signature: null, form, Form, "X-Auth-Token: wrong");

        Assert.Equal(reason, ReasonOf(await DecideAsync(attempt)));
    }

    [Fact]
    public async Task A_place_that_comes_twice_is_refused_whatever_the_form_says()
    {
        var attempt = Attempt(
            Tokens(LongToken),
            signature: null,
            $"token={LongToken}",
            Form,
            "X-Auth-Token: wrong",
            $"X-Auth-Token: {LongToken}"
        );

        Assert.Equal("token_twice", ReasonOf(await DecideAsync(attempt)));
        Assert.False(attempt.Request.IsRead);
    }

    [Fact]
    public async Task A_body_that_is_no_form_is_not_read_for_a_token()
    {
        var attempt = Attempt(Tokens(LongToken), signature: null, $"token={LongToken}");

        Assert.Equal("token_missing", ReasonOf(await DecideAsync(attempt)));
        Assert.False(attempt.Request.IsRead);
    }

    [Fact]
    public async Task A_form_of_another_site_is_refused_unread_and_does_not_count()
    {
        var attempt = Attempt(
            Tokens(LongToken),
            signature: null,
            $"token={LongToken}",
            Form,
            "Sec-Fetch-Site: cross-site"
        );

        Assert.Equal("foreign_site", ReasonOf(await DecideAsync(attempt)));
        Assert.False(attempt.Request.IsRead);
        Assert.Null(_failures.WaitOf(attempt.Key));
    }

    [Theory]
    [InlineData("token_missing")]
    [InlineData("token_mismatch", "X-Auth-Token: wrong")]
    [InlineData("token_mismatch", "X-Auth-Token: wrong", Form)]
    public async Task What_no_page_could_have_sent_counts_wherever_it_comes_from(string reason, params string[] headers)
    {
        var attempt = Attempt(Tokens(LongToken), signature: null, "", ["Sec-Fetch-Site: cross-site", .. headers]);

        Assert.Equal(reason, ReasonOf(await DecideAsync(attempt)));
        Assert.NotNull(_failures.WaitOf(attempt.Key));
    }

    [Fact]
    public async Task Where_only_a_signature_admits_no_form_is_read()
    {
        var attempt = Attempt(Tokens(), Signature, $"token={LongToken}", Form);

        Assert.Equal("signature_missing", ReasonOf(await DecideAsync(attempt)));
        Assert.False(attempt.Request.IsRead);
    }

    [Fact]
    public async Task A_right_signature_admits_and_a_wrong_one_is_not_excused_by_a_right_token()
    {
        var right = Attempt(Tokens(LongToken), Signature, "{}", Signed("{}"));
        var wrong = Attempt(Tokens(LongToken), Signature, "{ }", Signed("{}"), $"X-Auth-Token: {LongToken}");

        Assert.Equal(
            "github",
            Assert
                .IsType<GateAnswer.Admitted>(await DecideAsync(right))
                .Caller.AdmissionTo(right.Service, Rights.Deploy)!
                .Sender
        );
        Assert.Equal("signature_mismatch", ReasonOf(await DecideAsync(wrong)));
    }

    [Fact]
    public async Task A_secret_that_stands_in_the_head_itself_decides_without_the_body()
    {
        var gitlab = new SenderSignature(
            "gitlab",
            new GitLabSignature(Tokens(LongToken), LongToken, signing: null),
            LongToken.Length
        );
        var attempt = Attempt(Tokens(), gitlab, "{}", $"X-Gitlab-Token: {LongToken}");

        Assert.Equal(
            "gitlab",
            Assert
                .IsType<GateAnswer.Admitted>(await DecideAsync(attempt))
                .Caller.AdmissionTo(attempt.Service, Rights.Deploy)!
                .Sender
        );
        Assert.False(attempt.Request.IsRead);
    }

    [Fact]
    public async Task A_malformed_signature_is_refused_unread()
    {
        var attempt = Attempt(Tokens(LongToken), Signature, "{}", $"{SignatureHeader}: sha256=00");

        Assert.Equal("signature_malformed", ReasonOf(await DecideAsync(attempt)));
        Assert.False(attempt.Request.IsRead);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_a_failed_attempt()
    {
        var attempt = Attempt(Tokens(LongToken), Signature, "POST", new BrokenStream(), Signed("{}"));

        await Assert.ThrowsAnyAsync<IOException>(() => DecideAsync(attempt));

        Assert.NotNull(_failures.WaitOf(attempt.Key));
    }

    [Fact]
    public async Task Where_there_is_no_room_for_it_nothing_counts()
    {
        _budget = new BodyBudget(large: 0, small: 0);
        var attempt = Attempt(Tokens(LongToken), signature: null, $"token={LongToken}", Form);

        Assert.IsType<GateAnswer.NoRoom>(await DecideAsync(attempt));
        Assert.Null(_failures.WaitOf(attempt.Key));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_a_failed_attempt()
    {
        _budget = new BodyBudget(large: 1);
        var attempt = Attempt(Tokens(LongToken), Signature, "{}", Signed("{}"));

        Assert.IsType<GateAnswer.BodyTooLarge>(await DecideAsync(attempt));
        Assert.NotNull(_failures.WaitOf(attempt.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_services_are_hidden_a_body_is_read_if_any_of_them_would_read_it(bool othersWould)
    {
        var attempt = Attempt(Tokens(LongToken), signature: null, "{}", Signed("{}")) with
        {
            HiddenAmong = othersWould ? [Signature] : [],
        };

        Assert.IsType<GateAnswer.Refused>(await DecideAsync(attempt));

        Assert.Equal(othersWould, attempt.Request.IsRead);
    }

    [Fact]
    public async Task Where_services_are_hidden_a_body_that_is_too_large_for_one_of_them_is_for_all()
    {
        _budget = new BodyBudget(large: 1);
        var attempt = Attempt(Tokens(LongToken), signature: null, "{}", Signed("{}")) with
        {
            HiddenAmong = [Signature],
        };

        Assert.IsType<GateAnswer.BodyTooLarge>(await DecideAsync(attempt));
    }

    [Fact]
    public async Task Where_services_are_hidden_a_form_is_read_though_none_could_admit_by_it()
    {
        var attempt = Attempt(Tokens(), Signature, $"token={LongToken}", Form) with { HiddenAmong = [] };

        Assert.IsType<GateAnswer.Refused>(await DecideAsync(attempt));

        Assert.True(attempt.Request.IsRead);
    }

    private Task<GateAnswer> DecideAsync(DeployAttempt attempt) =>
        new Door(DoorKeys.None, _failures, _budget, new RequestCounts(), TimeProvider.System)
            .EnterAsync(attempt, CancellationToken.None)
            .AsTask();

    private static string? ReasonOf(GateAnswer answer) => (answer as GateAnswer.Refused)?.Reason;

    /// <summary>As of a client that left.</summary>
    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("gone");
    }
}
