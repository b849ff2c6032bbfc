using System.Globalization;
using System.Text;
using CsCheck;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Fuzz.Serving;

namespace ThinDeployer.Fuzz.Requests;

/// <summary>Requests that hold a secret of the service, each character spelt in one of the ways that its place allows.</summary>
internal static class SpeltSecrets
{
    /// <summary>With what JSON and forms escape, and what takes several bytes.</summary>
    internal const string Secret = "p/ss+wörd \"of\" ours & more=100%";

    internal static readonly byte[] Question = FriendRequests.Head(
        $"GET /services/{Services.OpenSecretive}/deliveries",
        ["X-Auth-Token: " + Services.AdminToken, "Connection: close"]
    );

    private static readonly Gen<string> InForm = Spelt(Secret, InFormSpelt);
    private static readonly Gen<string> InJson = Spelt(Secret, InJsonSpelt);

    private static readonly Gen<(string Query, string Type, string Body)> Places =
        from kind in Gen.Int[0, 4]
        from form in InForm
        from json in InJson
        from name in Pick.Of("a", "x", "commit")
        from nested in Spelt($"{{\"{name}\": [\"a {json}!\"]}}", InFormSpelt)
        select kind switch
        {
            0 => ($"?b=1&{name}=see+{form}+there", "text/plain", ""),
            1 => ("", "application/x-www-form-urlencoded", $"{name}=see+{form}&b={form}"),
            2 => ("", "application/json", $"{{\"{name}\": \"see {json} there\", \"{json}\": [[\"{json}\"]]}}"),
            3 => ("", "application/x-www-form-urlencoded", $"payload={nested}"),
            _ => ($"?{form}", "application/json", $"[\"{json}\", \"cut {json}"),
        };

    internal static readonly Gen<RawCase> Any =
        from place in Places
        select FriendRequests.Post(
            Services.OpenSecretive + place.Query,
            ["X-Auth-Token: " + ServiceYaml.Token, "Content-Type: " + place.Type],
            Encoding.UTF8.GetBytes(place.Body)
        );

    /// <param name="text">What is spelt.</param>
    /// <param name="spell">A character in one of four ways.</param>
    private static Gen<string> Spelt(string text, Func<char, int, string> spell) =>
        Gen.Int[0, 3]
            .Array[text.Length]
            .Select(ways => string.Concat(text.Select((character, at) => spell(character, ways[at]))));

    private static string InFormSpelt(char character, int way) =>
        way switch
        {
            0 when char.IsAsciiLetterOrDigit(character) || character is '/' or '"' => character.ToString(),
            1 when character == ' ' => "+",
            2 => Percent(character, "x2"),
            _ => Percent(character, "X2"),
        };

    private static string InJsonSpelt(char character, int way) =>
        way switch
        {
            0 when character is not '"' => character.ToString(),
            1 when character is '"' or '/' => $"\\{character}",
            2 => $"\\u{(int)character:x4}",
            _ => $"\\u{(int)character:X4}",
        };

    private static string Percent(char character, string format) =>
        string.Concat(
            Encoding.UTF8.GetBytes([character]).Select(one => "%" + one.ToString(format, CultureInfo.InvariantCulture))
        );
}
