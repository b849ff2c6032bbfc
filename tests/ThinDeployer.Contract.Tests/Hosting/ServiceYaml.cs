using System.Text.Encodings.Web;
using System.Text.Json;

namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>Writes services as YAML. Every text is quoted as JSON does it, which YAML understands.</summary>
internal static class ServiceYaml
{
    internal const string Token = "the-token-of-these-tests";

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A service that runs in the workspace's site folder.</summary>
    internal static string Of(string name, params string[] commands) => With(name, "", commands);

    /// <param name="name">The service.</param>
    /// <param name="more">Further keys, as a YAML flow map without braces, such as <c>vars: {a: b}</c>.</param>
    /// <param name="commands">As they shall be, in no quotes.</param>
    internal static string With(string name, string more, params string[] commands) =>
        Bare(name, $"token: {Token}, pwd: site" + (more.Length > 0 ? ", " + more : ""), commands);

    /// <summary>A service with no keys but the given and its commands.</summary>
    internal static string Bare(string name, string keys, params string[] commands) =>
        $"{Quoted(name)}: {{{keys}, commands: [{string.Join(", ", commands.Select(Quoted))}]}}\n";

    internal static string Quoted(string text) => JsonSerializer.Serialize(text, Readable);
}
