using ThinDeployer.Http;
using ThinDeployer.Security;
using ThinDeployer.Telemetry;
using static ThinDeployer.Tests.Http.GateSample;

namespace ThinDeployer.Tests.Http;

/// <summary>What is left to an address that has failed too often.</summary>
public sealed class DoorLimitTests
{
    private readonly FailureLimiter _failures = new(1, TimeProvider.System);

    [Fact]
    public async Task A_credential_that_can_be_guessed_does_not_help_wherever_it_stands()
    {
        var inHead = Attempt(Tokens(ShortToken), signature: null, "", $"X-Auth-Token: {ShortToken}");
        var inForm = Attempt(Tokens(ShortToken), signature: null, $"token={ShortToken}", Form);
        _failures.Fail(inHead.Key);

        Assert.IsType<GateAnswer.TooMany>(await DecideAsync(inHead));
        Assert.IsType<GateAnswer.TooMany>(await DecideAsync(inForm));
        Assert.False(inForm.Request.IsRead);
    }

    [Fact]
    public async Task One_that_can_not_be_guessed_passes_from_each_place()
    {
        var inHead = Attempt(Tokens(LongToken), signature: null, "", $"X-Auth-Token: {LongToken}");
        var inForm = Attempt(Tokens(LongToken), signature: null, $"token={LongToken}", Form);
        var signed = Attempt(Tokens(LongToken), Signature, "{}", Signed("{}"));
        _failures.Fail(inHead.Key);

        Assert.IsType<GateAnswer.Admitted>(await DecideAsync(inHead));
        Assert.IsType<GateAnswer.Admitted>(await DecideAsync(inForm));
        Assert.IsType<GateAnswer.Admitted>(await DecideAsync(signed));
    }

    [Fact]
    public async Task No_form_is_read_behind_a_wrong_token()
    {
        var attempt = Attempt(Tokens(LongToken), signature: null, $"token={LongToken}", Form, "X-Auth-Token: wrong");
        _failures.Fail(attempt.Key);

        Assert.IsType<GateAnswer.TooMany>(await DecideAsync(attempt));
        Assert.False(attempt.Request.IsRead);
    }

    [Fact]
    public async Task Where_services_are_hidden_no_form_is_read_at_all()
    {
        var attempt = Attempt(Tokens(LongToken), signature: null, $"token={LongToken}", Form) with { HiddenAmong = [] };
        _failures.Fail(attempt.Key);

        Assert.IsType<GateAnswer.TooMany>(await DecideAsync(attempt));
        Assert.False(attempt.Request.IsRead);
    }

    [Fact]
    public async Task Where_services_are_hidden_a_token_that_can_be_guessed_is_looked_at_as_any_other()
    {
        var attempt = Attempt(Tokens(ShortToken), signature: null, "{}", Signed("{}")) with
        {
            HiddenAmong = [Signature],
        };
        _failures.Fail(attempt.Key);

        Assert.IsType<GateAnswer.TooMany>(await DecideAsync(attempt));
        Assert.True(attempt.Request.IsRead);
    }

    [Theory]
    [InlineData(1024 * 1024, false, true)]
    [InlineData(1024 * 1024, true, true)]
    [InlineData(1024 * 1024 + 1, false, true)]
    [InlineData(1024 * 1024 + 1, true, false)]
    public async Task A_signed_body_of_a_mebibyte_is_still_taken(int length, bool isOver, bool isAdmitted)
    {
        var body = new string('x', length);
        var attempt = Attempt(Tokens(LongToken), Signature, body, Signed(body));
        if (isOver)
        {
            _failures.Fail(attempt.Key);
        }

        var answer = await DecideAsync(attempt);

        Assert.Equal(isAdmitted, answer is GateAnswer.Admitted);
        Assert.Equal(!isAdmitted, answer is GateAnswer.TooMany);
    }

    private Task<GateAnswer> DecideAsync(DeployAttempt attempt) =>
        new Door(DoorKeys.None, _failures, new BodyBudget(), new RequestCounts(), TimeProvider.System)
            .EnterAsync(attempt, CancellationToken.None)
            .AsTask();
}
