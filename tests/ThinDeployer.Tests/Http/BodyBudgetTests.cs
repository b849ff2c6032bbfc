using System.Net;
using CsCheck;
using ThinDeployer.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Http;

public sealed class BodyBudgetTests
{
    private const int Large = 1000 * BodyBudget.SmallBody;
    private const int Small = 4 * BodyBudget.SmallBody;

    private readonly BodyBudget _budget = new(Large, Small);

    [Fact]
    public void One_address_may_fill_it_and_gets_no_more()
    {
        using var one = _budget.Open(Address(1));
        using var other = _budget.Open(Address(1));

        Assert.True(one.TryTake(Large - 100_000));
        Assert.False(other.TryTake(100_001));
        Assert.True(other.TryTake(100_000));
        Assert.False(one.TryTake(1));
    }

    [Fact]
    public void Whoever_holds_the_most_gives_way_to_who_would_hold_less()
    {
        using var smaller = _budget.Open(Address(1));
        using var largest = _budget.Open(Address(1));
        using var third = _budget.Open(Address(2));
        smaller.TryTake(300 * BodyBudget.SmallBody);
        largest.TryTake(400 * BodyBudget.SmallBody);
        third.TryTake(300 * BodyBudget.SmallBody);

        using var newcomer = _budget.Open(Address(3));
        Assert.True(newcomer.TryTake(100_000));

        Assert.True(largest.GaveWay.IsCancellationRequested);
        Assert.False(largest.TryTake(1));
        Assert.False(smaller.GaveWay.IsCancellationRequested);
        Assert.False(third.GaveWay.IsCancellationRequested);
    }

    [Fact]
    public void Nobody_gives_way_to_who_holds_as_much()
    {
        using var one = _budget.Open(Address(1));
        using var other = _budget.Open(Address(2));
        one.TryTake(Large / 2);
        other.TryTake(Large / 2);

        Assert.False(other.TryTake(1));
        Assert.False(one.GaveWay.IsCancellationRequested);
    }

    [Fact]
    public void A_small_body_finds_room_beside_large_ones_of_its_address()
    {
        using var large = _budget.Open(Address(1));
        large.TryTake(Large);

        using var small = _budget.Open(Address(1));
        Assert.True(small.TryTake(BodyBudget.SmallBody));
        Assert.False(small.TryTake(1));
        Assert.Equal((0, Small), _budget.Left);
    }

    [Fact]
    public void Where_an_address_may_hold_little_it_gets_no_more()
    {
        using var one = _budget.Open(Address(1), most: 200_000);
        using var other = _budget.Open(Address(1), most: 200_000);

        Assert.True(one.TryTake(150_000));
        Assert.False(other.TryTake(100_000));
    }

    [Fact]
    public void Nothing_is_lost_and_nothing_comes_twice() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, Large / 4].Array[0, 5])
            .Array[0, 20]
            .Sample(bodies =>
            {
                var budget = new BodyBudget(Large, Small);
                Parallel.ForEach(
                    bodies,
                    body =>
                    {
                        using var share = budget.Open(Address(body.Item1));
                        foreach (var piece in body.Item2)
                        {
                            share.TryTake(piece);
                        }

                        share.Dispose();
                    }
                );
                return budget.Left == (Large, Small);
            });

    private static FailureKey Address(int number) => FailureKey.Of(new IPAddress([192, 0, 2, (byte)number]));
}
