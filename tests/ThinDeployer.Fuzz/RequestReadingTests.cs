using System.Net;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Addresses;
using ThinDeployer.Fuzz.Requests;
using ThinDeployer.Http;
using ThinDeployer.Rules;
using ThinDeployer.Security;

namespace ThinDeployer.Fuzz;

/// <summary>What reads the parts of a request takes all that there is.</summary>
public sealed class RequestReadingTests
{
    private const int MaximumBody = 1 << 20;

    /// <summary>Bytes for one that a body had; a token becomes three stars.</summary>
    private const int MostGrowth = 3;

    private static readonly HashSet<string> Wanted = ["a", "b", "payload"];

    [Fact]
    public void A_query_and_a_body_are_read_and_kept_without_their_tokens() =>
        Gen.Select(Bodies.Any, Pick.Text("ab=&%0Ftoken+\u00e9\0", 40))
            .Search(
                share: 2,
                sample =>
                {
                    var (body, query) = sample;
                    var context = new DefaultHttpContext();
                    context.Request.QueryString = new QueryString("?" + query);
                    context.Request.ContentType = body.Type;
                    context.Request.Body = new MemoryStream(body.Bytes);
                    var request = new DeployRequest(context.Request, MaximumBody, Wanted);

                    Assert.True(request.ReadBodyAsync(CancellationToken.None).GetAwaiter().GetResult());

                    var kept = RequestPayload.Of(request);
                    Assert.InRange(kept.Length, 0, MostGrowth * body.Bytes.Length);
                    Assert.All(Wanted, name => Assert.DoesNotContain('\0', request.SingleArgument(name) ?? ""));
                }
            );

    [Fact]
    public void A_path_in_JSON_is_one_or_not_and_finds_or_not() =>
        Gen.Select(
                Pick.Edited(@"commits[0].a\.b.0", Pick.Of("[", "]", ".", "\\", "9999999999", "\0", "é", "-1", " ")),
                Bodies.Any
            )
            .Search(
                share: 1,
                sample =>
                {
                    var (text, body) = sample;
                    if (
                        !JsonPath.TryParse(text, out var path, out var fault)
                        || PayloadReader.Parse(body.Bytes) is not Payload.Tree(var root)
                    )
                    {
                        Assert.NotEqual("", fault);
                        return;
                    }

                    _ = path.Find(root)?.GetRawText();
                }
            );

    [Fact]
    public void A_forwarded_address_is_never_one_that_a_stranger_chose() =>
        Gen.Select(
                Pick.Edited(
                    "198.51.100.1, [2001:db8::1]:80, 10.0.0.2",
                    Pick.Of(",", " ", "[", "]", ":", "%1", "/8", "unknown", "\"", "0x7f.1", "010.0.0.1", "\0", "é")
                ),
                Pick.Of("203.0.113.7", "2001:db8::7")
            )
            .Search(
                share: 1,
                sample =>
                {
                    var (forwarded, stranger) = sample;
                    var addresses = new ClientAddresses(
                        NetworkList.Parse("10.0.0.0/8")!,
                        NullLogger<ClientAddresses>.Instance
                    );
                    var context = new DefaultHttpContext();
                    context.Connection.RemoteIpAddress = IPAddress.Parse("10.0.0.1");
                    context.Request.Headers["X-Forwarded-For"] = $"{forwarded}, {stranger}";

                    Assert.Equal(stranger, addresses.Of(context).ToString());

                    context.Request.Headers["X-Forwarded-For"] = forwarded;
                    Assert.NotNull(addresses.Of(context).Address);
                }
            );

    [Fact]
    public void An_authorization_has_a_token_or_not() =>
        Gen.OneOf(
                Pick.Edited("Basic dXNlcjp0b2tlbg==", Pick.Of(" ", "=", ":", "\t", "\u00a0", "Bearer ", "Basic", "é")),
                Gen.String[0, 40],
                Gen.Byte.Array[0, 40].Select(bytes => "Basic " + Convert.ToBase64String(bytes))
            )
            .Search(
                share: 1,
                header =>
                {
                    var token = AuthorizationHeader.Token(header) ?? AuthorizationHeader.BasicPassword(header);

                    Assert.InRange(token?.Length ?? 0, 0, Encoding.UTF8.GetByteCount(header));
                }
            );
}
