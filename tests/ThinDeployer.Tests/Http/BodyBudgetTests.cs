using CsCheck;
using ThinDeployer.Http;

namespace ThinDeployer.Tests.Http;

public sealed class BodyBudgetTests
{
    [Fact]
    public void All_bodies_together_get_no_more_than_there_is()
    {
        var budget = new BodyBudget(100);
        using var one = budget.Open();
        using var other = budget.Open();

        Assert.True(one.TryTake(60));
        Assert.False(other.TryTake(41));
        Assert.True(other.TryTake(40));
        Assert.False(one.TryTake(1));
    }

    [Fact]
    public void What_one_took_the_next_may_have()
    {
        var budget = new BodyBudget(100);
        using (var one = budget.Open())
        {
            one.TryTake(100);
        }

        using var next = budget.Open();
        Assert.True(next.TryTake(100));
    }

    [Fact]
    public void Nothing_is_lost_and_nothing_comes_twice() =>
        Gen.Int[0, 50]
            .Array[0, 10]
            .Array[0, 20]
            .Sample(bodies =>
            {
                var budget = new BodyBudget(300);
                Parallel.ForEach(
                    bodies,
                    body =>
                    {
                        using var share = budget.Open();
                        foreach (var piece in body)
                        {
                            share.TryTake(piece);
                        }

                        share.Dispose();
                    }
                );
                return budget.Left == 300;
            });
}
