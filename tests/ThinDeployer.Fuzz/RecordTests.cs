using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ThinDeployer.Fuzz.Requests;
using ThinDeployer.Fuzz.Serving;

namespace ThinDeployer.Fuzz;

/// <summary>What is remembered of requests shows no secret, and lets nothing run twice.</summary>
public sealed partial class RecordTests
{
    [Fact]
    public async Task What_a_signature_covers_runs_once_whatever_stands_beside_it()
    {
        await using var server = await FuzzedServer.StartAsync();

        ReplayedRequests.Any.Search(
            share: 3,
            replay =>
            {
                var first = server.Send(replay.First.Bytes, isWhole: true)!;
                var again = server.Send(replay.Again.Bytes, isWhole: true)!;

                Assert.Contains(first.Status, (int[])[202, 400]);
                Assert.Contains(again.Status, (int[])[202, 400, 403]);
                if (again.Status == 202)
                {
                    Assert.Equal(first.Headers["X-Deployment-Id"], again.Headers["X-Deployment-Id"]);
                }
            }
        );

        await server.IsWellAsync();
    }

    [Fact]
    public async Task A_secret_in_any_spelling_is_not_shown_with_the_deliveries()
    {
        await using var server = await FuzzedServer.StartAsync();

        SpeltSecrets.Any.Search(
            share: 3,
            request =>
            {
                Assert.Equal(202, server.Send(request.Bytes, isWhole: true)!.Status);

                var shown = server.Send(SpeltSecrets.Question, isWhole: true)!.Text;
                foreach (var text in Readings(shown))
                {
                    Assert.DoesNotContain(SpeltSecrets.Secret, text, StringComparison.Ordinal);
                }
            }
        );

        await server.IsWellAsync();
    }

    /// <summary>As JSON, with what JSON holds: a form, JSON, and a form with JSON in it.</summary>
    private static IEnumerable<string> Readings(string answer)
    {
        var text = Unescaped(answer);
        yield return text;
        yield return Unescaped(text);
        yield return WebUtility.UrlDecode(text);
        yield return Unescaped(WebUtility.UrlDecode(text));
    }

    private static string Unescaped(string json) =>
        Escapes()
            .Replace(
                json,
                match =>
                    match.Groups["code"] is { Success: true } code
                        ? (
                            (char)int.Parse(code.Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                        ).ToString()
                        : match.Groups["plain"].Value
            );

    [GeneratedRegex(
        @"\\(?:u(?<code>[0-9a-fA-F]{4})|(?<plain>[""\\/]))",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Escapes();
}
