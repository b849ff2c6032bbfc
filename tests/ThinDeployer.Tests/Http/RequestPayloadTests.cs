using System.Text;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Http;

namespace ThinDeployer.Tests.Http;

/// <summary>What steps and the record get of a body: all of it but the token of a form.</summary>
public sealed class RequestPayloadTests
{
    private const int MaximumBody = 1 << 20;

    [Theory]
    [InlineData("a=1&token=x&b=2", "a=1&b=2")]
    [InlineData("token=x", "")]
    [InlineData("tok%65n=x&token&a=token", "a=token")]
    public async Task An_urlencoded_form_loses_it(string form, string payload) =>
        Assert.Equal(payload, await PayloadAsync("application/x-www-form-urlencoded", form));

    [Theory]
    [InlineData("token", "x\r\ny", "***")]
    [InlineData("token", "", "")]
    [InlineData("a", "token", "token")]
    public async Task A_multipart_form_has_stars_in_its_place(string name, string value, string shown)
    {
        var payload = await PayloadAsync("multipart/form-data; boundary=b", Form(name, value));

        Assert.Equal(Form(name, shown), payload);
    }

    [Fact]
    public async Task Many_of_them_make_it_no_larger_than_three_stars_for_each()
    {
        const int count = 500;
        const string part = "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n*\r\n";
        var body = "before\r\n" + string.Concat(Enumerable.Repeat(part, count)) + "--b--\r\n*";

        var payload = await PayloadAsync("multipart/form-data; boundary=b", body);

        Assert.Equal(body.Replace("\n*\r", "\n***\r", StringComparison.Ordinal), payload);
    }

    private static string Form(string name, string value) =>
        $"--b\r\nContent-Disposition: form-data; name={name}\r\n\r\n{value}\r\n"
        + "--b\r\nContent-Disposition: form-data; name=token; filename=x\r\n\r\nx\r\n--b--\r\n";

    private static async Task<string> PayloadAsync(string type, string body)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = type;
        context.Request.Body = new MemoryStream(Encoding.Latin1.GetBytes(body));
        var request = new DeployRequest(context.Request, MaximumBody, new HashSet<string>(StringComparer.Ordinal));
        Assert.True(await request.ReadBodyAsync(CancellationToken.None));
        return Encoding.Latin1.GetString(RequestPayload.Of(request).Span);
    }
}
