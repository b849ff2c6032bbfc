using System.Net;
using ThinDeployer.Http;

namespace ThinDeployer.Tests.Http;

public sealed class RequestTallyTests
{
    private static readonly AnswerKind Wrong = new(403, "token_mismatch");
    private static readonly AnswerKind Missing = new(404, Reason: null);

    private readonly RequestTally _tally = new();

    [Fact]
    public void The_first_few_of_an_address_get_lines_and_the_rest_is_counted()
    {
        var told = Enumerable.Range(0, 1_000).Select(_ => Add("192.0.2.1", Wrong)).ToList();

        Assert.Equal(Tallied.First, told[0]);
        Assert.Equal(RequestTally.LinesOfAddress - 1, told.Count(one => one is Tallied.Line));
        var counted = Assert.Single(_tally.Take(maximum: 10));
        Assert.Equal(1_000 - RequestTally.LinesOfAddress, counted.Count);
        Assert.Equal(("192.0.2.1", Wrong), (counted.Client?.ToString(), counted.Answer));
        Assert.Empty(_tally.Take(maximum: 10));
        Assert.Equal(Tallied.First, Add("192.0.2.1", Wrong));
    }

    [Fact]
    public void Another_kind_of_answer_and_another_address_are_counted_apart()
    {
        Enumerable.Range(0, 1_000).ToList().ForEach(_ => Add("192.0.2.1", Wrong));

        Assert.Equal(Tallied.First, Add("192.0.2.1", Missing));
        Assert.Equal(Tallied.First, Add("192.0.2.2", Wrong));
    }

    [Fact]
    public void What_one_customer_has_of_IPv6_is_one_address()
    {
        Add("2001:db8:1:2::1", Wrong);

        Assert.Equal(Tallied.Line, Add("2001:db8:1:2:ffff::2", Wrong));
        Assert.Equal(Tallied.First, Add("2001:db8:1:3::1", Wrong));
    }

    [Fact]
    public void However_many_addresses_there_are_lines_and_places_have_a_bound_and_nothing_is_uncounted()
    {
        const int addresses = 2 * RequestTally.MaximumPlaces;
        const int each = 3;

        var told = Enumerable
            .Range(0, each)
            .SelectMany(_ => Enumerable.Range(0, addresses))
            .Select(number => Add($"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}", Wrong))
            .ToList();

        var counted = _tally.Take(maximum: 7);
        Assert.Equal(RequestTally.MaximumPlaces, told.Count(one => one is Tallied.First));
        Assert.Equal(RequestTally.LinesOfAll, told.Count(one => one is Tallied.Line));
        Assert.Equal(8, counted.Count);
        Assert.Null(counted[^1].Client);
        Assert.Equal(told.Count(one => one is Tallied.Counted), counted.Sum(one => one.Count));
    }

    private Tallied Add(string address, AnswerKind answer) =>
        _tally.Add(new ClientAddress(IPAddress.Parse(address), IsShared: false), answer, out _);
}
