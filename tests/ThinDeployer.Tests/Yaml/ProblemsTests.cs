using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Yaml;

public sealed class ProblemsTests
{
    private static readonly Place Place = new("/etc/d.yml", 3, 7);

    [Fact]
    public void A_problem_is_one_line_with_place_service_and_message()
    {
        var problem = new Problem(Severity.Mistake, Place, "shop", "it is wrong");

        Assert.Equal("/etc/d.yml:3:7: shop: it is wrong", problem.ToString());
    }

    [Fact]
    public void A_problem_of_no_service_leaves_that_part_out()
    {
        var problem = new Problem(Severity.Mistake, Place, Service: null, "it is wrong");

        Assert.Equal("/etc/d.yml:3:7: it is wrong", problem.ToString());
    }

    [Fact]
    public void A_service_with_a_line_break_in_its_name_stays_on_the_line()
    {
        var problem = new Problem(Severity.Mistake, Place, "a\nb", "it is wrong");

        Assert.Equal("/etc/d.yml:3:7: a\\u{A}b: it is wrong", problem.ToString());
    }

    [Fact]
    public void Problems_stay_in_the_order_found()
    {
        var problems = new Problems();

        problems.Warn(Place, service: null, "first");
        problems.Mistake(Place, service: null, "second");

        Assert.Equal(["first", "second"], problems.Select(problem => problem.Message));
    }

    [Fact]
    public void A_warning_is_no_mistake()
    {
        var problems = new Problems();

        problems.Warn(Place, service: null, "look");

        Assert.False(problems.HasMistakes);
    }

    [Fact]
    public void A_flood_of_warnings_is_bounded_and_hides_no_mistake()
    {
        var problems = new Problems();

        for (var count = 0; count < 1_500; count++)
        {
            problems.Warn(Place, service: null, "look");
        }
        problems.Mistake(Place, service: null, "wrong");

        Assert.Equal(1_001, problems.Count);
        Assert.Equal(500, problems.Omitted);
        Assert.Equal("wrong", problems.Last().Message);
        Assert.True(problems.HasMistakes);
    }
}
