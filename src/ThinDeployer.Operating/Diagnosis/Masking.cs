using System.Text.RegularExpressions;
using ThinDeployer.Security;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>Hides what may be secret in what an operator is shown.</summary>
internal static partial class Masking
{
    internal const string Stars = Secret.Stars;

    /// <summary>The value of an environment variable: hidden by its name, and without the password of a URL.</summary>
    internal static string Variable(string name, string value) =>
        SecretName.LooksSecret(name) ? Stars : Credentials.Replace(value, $"://{Stars}@");

    [GeneratedRegex("://[^/@\\s]+@", RegexOptions.None, 1_000)]
    private static partial Regex Credentials { get; }
}
