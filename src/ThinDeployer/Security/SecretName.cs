using System.Text.RegularExpressions;

namespace ThinDeployer.Security;

/// <summary>Whether what a variable is called says that its value is a secret. In doubt it is.</summary>
internal static partial class SecretName
{
    internal static bool LooksSecret(string name) => Secret.IsMatch(name) && !PathOfSecret.IsMatch(name);

    [GeneratedRegex("TOKEN|SECRET|PASS|KEY|CREDENTIAL|AUTH|WEBHOOK_URL", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Secret { get; }

    /// <summary>The value says where the secret is: <c>SSH_AUTH_SOCK</c>, <c>DB_PASSWORD_FILE</c>.</summary>
    [GeneratedRegex("_(FILE|PATH|DIR|SOCK)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex PathOfSecret { get; }
}
