using System.Net;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Security;

/// <summary>Who is told that a key is refused for the count.</summary>
public sealed class ToldRefusalTests
{
    private const int Limit = 3;

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _told = [];
    private readonly FailureLimiter _limiter;

    public ToldRefusalTests()
    {
        _limiter = new FailureLimiter(Limit, _time);
        _limiter.TellRefused(key => _told.Add(key.ToString()));
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void It_is_told_once_a_minute_and_not_before(string address, string told)
    {
        var key = FailureKey.Of(IPAddress.Parse(address));
        for (var minute = 1; minute <= 2; minute++)
        {
            Fail(key, Limit);
            Assert.Equal(minute - 1, _told.Count);

            Fail(key, 10);
            Assert.NotNull(_limiter.WaitOf(key));
            Assert.Equal(minute, _told.Count);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.All(_told, one => Assert.Equal(told, one));
    }

    [Fact]
    public void One_that_fills_the_table_is_told_of_and_who_finds_no_place_is_not()
    {
        var limiter = new FailureLimiter(1, _time, sets: 1);
        limiter.TellRefused(key => _told.Add(key.ToString()));

        for (var i = 0; i < 100; i++)
        {
            _ = limiter.Fail(FailureKey.Of(IPAddress.Parse($"192.0.2.{i}")));
        }

        Assert.Empty(_told);
        _ = limiter.Fail(FailureKey.Of(IPAddress.Parse("192.0.2.0")));
        Assert.Equal(["192.0.2.0"], _told);
    }

    [Fact]
    public void One_whose_address_is_not_known_has_a_word() =>
        Assert.Equal("unknown", FailureKey.Of(address: null).At("shop").ToString());

    [Fact]
    public void A_place_that_is_counted_apart_is_no_part_of_the_address() =>
        Assert.Equal("192.0.2.7", FailureKey.Of(IPAddress.Parse("192.0.2.7")).At("shop").ToString());

    private void Fail(FailureKey key, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _ = _limiter.Fail(key);
        }
    }
}
