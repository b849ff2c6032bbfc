using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>What of a rule or a value is shown: on one line, short, and no credential.</summary>
internal static class Excerpt
{
    /// <summary>UTF-16 units.</summary>
    internal const int MaximumLength = 200;

    internal const string Hidden = "***";

    private static readonly string[] SecretWords =
    [
        "token",
        "secret",
        "passw",
        "passphrase",
        "authorization",
        "cookie",
        "signature",
        "credential",
        "api-key",
        "api_key",
        "apikey",
    ];

    /// <summary>Whether what a header, an argument or a JSON value of this name holds may be a credential.</summary>
    internal static bool IsSecretName(string name) =>
        SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>In double quotes, or stars.</summary>
    internal static string Quoted(string value, bool isSecret) => isSecret ? Hidden : Quote.Of(value);

    internal static string Cut(string line) =>
        line.Length <= MaximumLength ? line : Beginning.Marked(line, MaximumLength - 1);
}
