using System.Text;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Http;

namespace ThinDeployer.Tests.Http;

/// <summary>What the head of a request says of its body, and which of its arguments count.</summary>
public sealed class DeployRequestTests
{
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly HashSet<string> Arguments = new(StringComparer.Ordinal) { "tag" };

    private readonly DefaultHttpContext _context = new();

    [Theory]
    [InlineData("", "", false)]
    [InlineData("identity", "chunked", false)]
    [InlineData("Identity", "Chunked", false)]
    [InlineData("gzip", "", true)]
    [InlineData("identity, gzip", "", true)]
    [InlineData("", "gzip, chunked", true)]
    [InlineData("", "identity", true)]
    [InlineData("chunked", "", true)]
    public void A_body_that_is_coded_in_any_way_is_compressed(string content, string transfer, bool isCompressed)
    {
        _context.Request.Headers.ContentEncoding = content;
        _context.Request.Headers.TransferEncoding = transfer;

        Assert.Equal(isCompressed, Request().IsCompressed);
    }

    [Fact]
    public void Without_a_coding_it_is_not() => Assert.False(Request().IsCompressed);

    [Theory]
    [InlineData(null, false)]
    [InlineData(10L, false)]
    [InlineData(11L, true)]
    public void It_may_be_announced_to_be_too_large(long? length, bool isTooMuch)
    {
        _context.Request.ContentLength = length;

        Assert.Equal(isTooMuch, Request().AnnouncesTooMuch);
    }

    [Theory]
    [InlineData(null, false, false)]
    [InlineData(0L, false, false)]
    [InlineData(1L, false, true)]
    [InlineData(null, true, true)]
    public async Task It_may_still_come_until_it_is_read(long? length, bool isChunked, bool mayCome)
    {
        _context.Request.ContentLength = length;
        if (isChunked)
        {
            _context.Request.Headers.TransferEncoding = "chunked";
        }

        var request = Request();

        Assert.Equal(mayCome, request.IsUnread);
        Assert.True(await request.ReadBodyAsync(CancellationToken.None));
        Assert.False(request.IsUnread);
    }

    [Theory]
    [InlineData("?tag=a", "", "a")]
    [InlineData("", "tag=b", "b")]
    [InlineData("", "", null)]
    [InlineData("?tag=a", "tag=a", null)]
    [InlineData("?tag=a&tag=a", "", null)]
    [InlineData("?tag=a&x=1", "y=2", "a")]
    public async Task An_argument_counts_where_it_comes_once(string query, string form, string? value)
    {
        var request = await ReadAsync(query, form);

        Assert.Equal(value, request.SingleArgument("tag"));
    }

    [Fact]
    public async Task What_has_no_effect_is_named_once()
    {
        var request = await ReadAsync("?tag=a&x=1&token=t", "y=2&x=1");

        Assert.Equal(["x", "y"], request.Unused(name => name == "tag").Order());
    }

    private async Task<DeployRequest> ReadAsync(string query, string form)
    {
        _context.Request.QueryString = new QueryString(query);
        _context.Request.ContentType = Form;
        _context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(form));
        var request = new DeployRequest(_context.Request, maximumBody: 100, Arguments);
        Assert.True(await request.ReadBodyAsync(CancellationToken.None));
        return request;
    }

    private DeployRequest Request() => new(_context.Request, maximumBody: 10, Arguments);
}
