using System.Net;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Security;

public sealed class FailureLimiterTests
{
    private const int Limit = 3;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_first_failures_are_within_the_limit_and_the_next_must_wait_for_the_minute_to_end()
    {
        var limiter = new FailureLimiter(Limit, _time);

        var waits = Enumerable.Range(0, Limit + 2).Select(_ => limiter.Fail(Key("192.0.2.1"))).ToList();

        Assert.Equal([null, null, null, 60, 60], waits);
    }

    [Fact]
    public void The_time_to_wait_is_exact_in_seconds_and_rounded_up()
    {
        var limiter = Full(Key("192.0.2.1"));

        _time.Advance(TimeSpan.FromSeconds(20.5));

        Assert.Equal(40, limiter.WaitOf(Key("192.0.2.1")));
        _time.Advance(TimeSpan.FromSeconds(39.4));
        Assert.Equal(1, limiter.Fail(Key("192.0.2.1")));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(limiter.Fail(Key("192.0.2.1")));
    }

    [Fact]
    public void To_be_refused_makes_nobody_wait_longer()
    {
        var limiter = Full(Key("192.0.2.1"));
        for (var i = 0; i < 1_000; i++)
        {
            limiter.Fail(Key("192.0.2.1"));
        }

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(limiter.WaitOf(Key("192.0.2.1")));
    }

    [Fact]
    public void A_look_counts_nothing()
    {
        var limiter = new FailureLimiter(1, _time);

        Assert.All(Enumerable.Range(0, 5), _ => Assert.Null(limiter.WaitOf(Key("192.0.2.1"))));
        Assert.Null(limiter.Fail(Key("192.0.2.1")));
    }

    [Theory]
    [InlineData(true, false, null)]
    [InlineData(true, true, 60)]
    [InlineData(false, false, 60)]
    [InlineData(false, true, 60)]
    public void Over_the_limit_only_what_is_right_and_can_not_be_guessed_passes(
        bool isRight,
        bool canBeGuessed,
        int? wait
    )
    {
        var limiter = Full(Key("192.0.2.1"));

        Assert.Equal(wait, limiter.Judge(Key("192.0.2.1"), isRight, canBeGuessed));
    }

    [Theory]
    [InlineData(true, false, null)]
    [InlineData(true, true, null)]
    [InlineData(false, true, 60)]
    [InlineData(false, false, 60)]
    public void Below_it_only_what_is_wrong_counts(bool isRight, bool canBeGuessed, int? wait)
    {
        var limiter = new FailureLimiter(1, _time);

        Assert.Null(limiter.Judge(Key("192.0.2.1"), isRight, canBeGuessed));

        Assert.Equal(wait, limiter.WaitOf(Key("192.0.2.1")));
    }

    [Fact]
    public void Zero_is_no_limit()
    {
        var limiter = new FailureLimiter(0, _time);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Null(limiter.Fail(Key("192.0.2.1"))));
        Assert.Null(limiter.WaitOf(Key("192.0.2.1")));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("::1", "0.0.0.0", false)]
    [InlineData("::", null, false)]
    [InlineData(null, null, true)]
    public void Addresses_count_alone_and_networks_of_version_six_together(string? one, string? other, bool together) =>
        Assert.Equal(together, Key(one) == Key(other));

    [Fact]
    public void A_place_counts_apart_when_it_is_asked_for()
    {
        var limiter = Full(Key("192.0.2.1").At("shop"));

        Assert.NotNull(limiter.WaitOf(Key("192.0.2.1").At("shop")));
        Assert.Null(limiter.WaitOf(Key("192.0.2.1").At("site")));
        Assert.Null(limiter.WaitOf(Key("192.0.2.1")));
    }

    [Fact]
    public void A_million_addresses_take_no_more_memory_than_one()
    {
        var limiter = new FailureLimiter(20, _time);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0UL; i < 1_000_000; i++)
        {
            limiter.Fail(new FailureKey(i << 20, More: 2));
        }

        // What the runtime needs itself for the first time is some hundred bytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    /// <summary>Else who has a network could choose addresses that fight for a few places, and take those of others.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(32, 0)]
    [InlineData(64, 0)]
    [InlineData(64, 32)]
    public void Keys_have_places_of_their_own_in_whatever_bits_they_differ(int ofAddress, int ofMore)
    {
        var limiter = new FailureLimiter(1, _time);

        var waits = Enumerable
            .Range(0, 1_000)
            .Select(i => limiter.Fail(Differing((ulong)i, ofAddress, ofMore)))
            .ToList();

        Assert.All(waits, Assert.Null);

        static FailureKey Differing(ulong number, int ofAddress, int ofMore) =>
            ofAddress < 64 ? new FailureKey(number << ofAddress, More: 2) : new FailureKey(0, More: number << ofMore);
    }

    [Fact]
    public void Nobody_who_is_at_the_limit_is_pushed_out_by_a_million_others()
    {
        var limiter = new FailureLimiter(Limit, _time, sets: 16);
        var attackers = Enumerable.Range(0, 40).Select(i => new FailureKey((ulong)i << 32, More: 2)).ToList();
        foreach (var attacker in attackers.SelectMany(attacker => Enumerable.Repeat(attacker, Limit)))
        {
            limiter.Fail(attacker);
        }

        var full = attackers.Where(attacker => limiter.WaitOf(attacker) is not null).ToList();
        for (var i = 1UL; i < 1_000_000; i++)
        {
            limiter.Fail(new FailureKey(i, More: 2));
        }

        Assert.NotEmpty(full);
        Assert.All(full, attacker => Assert.NotNull(limiter.Fail(attacker)));
    }

    /// <summary>All share one set, so that places are fought for all the time.</summary>
    [Fact]
    public void A_full_table_lets_no_more_through_than_its_places_may_whoever_comes_in_which_order() =>
        Gen.Select(Gen.Int[0, 30], Gen.Int[0, 2_000])
            .List[0, 400]
            .Sample(steps =>
            {
                var time = new FakeTimeProvider();
                var limiter = new FailureLimiter(Limit, time, sets: 1);
                var passed = new List<long>();
                foreach (var (key, milliseconds) in steps)
                {
                    time.Advance(TimeSpan.FromMilliseconds(milliseconds));
                    if (limiter.Fail(new FailureKey((ulong)key, More: 2)) is null)
                    {
                        passed.Add(time.GetTimestamp());
                    }
                }

                // The borders of the minutes lie anywhere, so two of them can meet in one.
                return passed.All(end =>
                    passed.Count(at => at <= end && end - at < time.TimestampFrequency * 60) <= 2 * 8 * Limit
                );
            });

    [Fact]
    public void While_there_is_room_each_key_is_counted_as_if_it_were_alone() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 20_000])
            .List[0, 200]
            .Sample(steps =>
            {
                var time = new FakeTimeProvider();
                var limiter = new FailureLimiter(Limit, time, sets: 1);
                var model = new Dictionary<int, (long Begin, int Count)>();
                var minute = 60 * time.TimestampFrequency;
                return steps.All(step =>
                {
                    time.Advance(TimeSpan.FromMilliseconds(step.Item2));
                    var now = time.GetTimestamp();
                    var known = model.GetValueOrDefault(step.Item1, (now, 0));
                    var (begin, count) = now - known.Item1 >= minute ? (now, 0) : known;
                    int? expected =
                        count < Limit
                            ? null
                            : (int)Math.Ceiling((begin + minute - now) / (double)time.TimestampFrequency);
                    model[step.Item1] = (begin, count < Limit ? count + 1 : count);
                    return limiter.Fail(new FailureKey((ulong)step.Item1, More: 2)) == expected;
                });
            });

    [Fact]
    public void A_newcomer_takes_a_place_whose_minute_is_over_before_any_other()
    {
        var limiter = new FailureLimiter(Limit, _time, sets: 1);
        var keys = Enumerable.Range(0, 9).Select(i => new FailureKey((ulong)i, More: 2)).ToList();
        limiter.Fail(keys[0]);
        limiter.Fail(keys[0]);
        _time.Advance(TimeSpan.FromMinutes(1));
        keys[1..8].ForEach(key => limiter.Fail(key));

        var waits = Enumerable.Range(0, Limit).Select(_ => limiter.Fail(keys[8])).ToList();

        Assert.All(waits, Assert.Null);
        Assert.NotNull(limiter.Fail(keys[8]));
    }

    [Fact]
    public void Many_at_once_get_no_more_than_one_after_the_other()
    {
        var limiter = new FailureLimiter(1_000, _time);
        var passed = 0;

        Parallel.For(
            0,
            10_000,
            _ =>
            {
                if (limiter.Fail(Key("192.0.2.1")) is null)
                {
                    Interlocked.Increment(ref passed);
                }
            }
        );

        Assert.Equal(1_000, passed);
    }

    private FailureLimiter Full(FailureKey key)
    {
        var limiter = new FailureLimiter(Limit, _time);
        for (var i = 0; i < Limit; i++)
        {
            limiter.Fail(key);
        }

        return limiter;
    }

    private static FailureKey Key(string? address) => FailureKey.Of(address is null ? null : IPAddress.Parse(address));
}
