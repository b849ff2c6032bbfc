using System.Buffers;
using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>Reads the name of a header that an operator chooses (a token of RFC 9110, section 5.6.2).</summary>
internal static class HeaderName
{
    private const int MaximumLength = 128;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>These have a meaning of their own, which the value of a secret would break.</summary>
    private static readonly HashSet<string> Taken = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization",
        "Content-Length",
        "Content-Type",
        "Host",
        "Transfer-Encoding",
    };

    /// <summary>Null where the key is absent, or its value can't be used.</summary>
    internal static string? Read(MapReader keys, string key)
    {
        if (keys.Text(key) is not { } name)
        {
            if (keys.Node(key) is YamlText { Text.Length: 0 } empty)
            {
                keys.Context.Mistake(empty.Place, $"{Quote.Of(key)} is empty; name a header, such as X-My-Token");
            }

            return null;
        }

        var place = keys.Node(key)!.Place;
        if (name.Length > MaximumLength || name.AsSpan().ContainsAnyExcept(Allowed))
        {
            keys.Context.Mistake(place, $"{Quote.Of(key)} is no name of a header; name one such as X-My-Token");
            return null;
        }

        if (Taken.Contains(name))
        {
            keys.Context.Mistake(place, $"{Quote.Of(key)} can't be {name}, which means something else; choose another");
            return null;
        }

        return name;
    }
}
