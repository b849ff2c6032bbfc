using ThinDeployer.Http;

namespace ThinDeployer.Tests.Http;

public sealed class PreferenceTests
{
    [Theory]
    [InlineData("", null, null)]
    [InlineData("respond-async", 0, "respond-async")]
    [InlineData("Respond-Async; foo", 0, "respond-async")]
    [InlineData("wait=20", 20, "wait=20")]
    [InlineData("WAIT = \"20\"", 20, "wait=20")]
    [InlineData("handling=lenient, wait=3", 3, "wait=3")]
    [InlineData("respond-async, wait=3", 3, "wait=3")]
    [InlineData("reason=\"a, respond-async, b\"", null, null)]
    [InlineData("wait=-1", null, null)]
    [InlineData("wait=2000000000", 86_400, "wait=2000000000")]
    public void A_wish_is_read_as_the_rfc_says(string header, int? seconds, string? applied)
    {
        var preference = Preference.Of(header, answersAtOnce: false, longest: null);

        Assert.Equal(seconds is { } limit ? TimeSpan.FromSeconds(limit) : null, preference.Limit);
        Assert.Equal(applied, preference.Applied);
    }

    [Fact]
    public void A_host_bounds_every_wait()
    {
        var longest = TimeSpan.FromSeconds(200);

        Assert.Equal(longest, Preference.Of("wait=300", answersAtOnce: false, longest).Limit);
        Assert.Equal(longest, Preference.Of("", answersAtOnce: false, longest).Limit);
        Assert.Equal(TimeSpan.Zero, Preference.Of("", answersAtOnce: true, longest).Limit);
    }
}
