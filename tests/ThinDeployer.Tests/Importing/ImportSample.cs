using System.Text;
using ThinDeployer.Configuration;
using ThinDeployer.Operating.Importing;

namespace ThinDeployer.Tests.Importing;

/// <summary>Hooks, imported as if they stood in the file <c>hooks</c>.</summary>
internal sealed record ImportSample(bool IsHooksFile, bool IsWhole, string Configuration, IReadOnlyList<string> Lines)
{
    /// <summary>Keys of a hook that are the same in most samples, as YAML.</summary>
    internal const string Bare = "id: shop, execute-command: /srv/shop/deploy.sh, command-working-directory: /srv/shop";

    /// <summary>What is made always loads, as soon as an operator has given a token to what has no credential.</summary>
    internal static ImportSample Of(string hooks)
    {
        using var folder = new TemporaryFolder();
        var import = WebhookImport.Of(folder.Write("hooks", Encoding.UTF8.GetBytes(hooks)));
        if (import.IsHooksFile && import.Configuration.Contains("\n  pwd: ", StringComparison.Ordinal))
        {
            Assert.Empty(MistakesOf(import.Configuration, folder));
        }

        return new ImportSample(
            import.IsHooksFile,
            import.IsWhole,
            import.Configuration,
            [.. import.Lines.Select(line => line.Replace(folder.FullName + "/", "", StringComparison.Ordinal))]
        );
    }

    /// <summary>A hook with further keys, as a flow map of YAML without its braces.</summary>
    internal static ImportSample With(string keys) => Of($"- {{{Bare}, {keys}}}");

    /// <summary>The keys of the first service that let somebody in, each on its line.</summary>
    internal string Credential => string.Join('\n', Keys("token", "token_file", "token_header", "signature"));

    /// <summary>The lines of a key of the first service, without the indentation; empty where it is absent.</summary>
    internal string Key(string key)
    {
        var lines = Configuration
            .Split('\n')
            .SkipWhile(line => line.StartsWith('#') || line.Length == 0)
            .Skip(1)
            .TakeWhile(line => line.Length > 0)
            .ToList();
        var start = lines.FindIndex(line => line.StartsWith($"  {key}:", StringComparison.Ordinal));
        return start < 0
            ? ""
            : string.Join(
                '\n',
                lines
                    .Skip(start)
                    .TakeWhile((line, index) => index == 0 || line.StartsWith("    ", StringComparison.Ordinal))
                    .Select(line => line[2..])
            );
    }

    private static List<string> MistakesOf(string configuration, TemporaryFolder folder)
    {
        var services = configuration
            .Replace(
                "/run/secrets/hook",
                folder.Write("secret", "a-long-secret-of-this-test\n"u8.ToArray()),
                StringComparison.Ordinal
            )
            .Split("\n\n")
            .Select(service =>
                service.Contains("\n  token", StringComparison.Ordinal)
                || service.Contains("\n  signature", StringComparison.Ordinal)
                    ? service
                    : service.Replace(
                        "\n  pwd: ",
                        "\n  token: a-long-token-of-this-test\n  pwd: ",
                        StringComparison.Ordinal
                    )
            );
        var file = folder.Write("deployer.yml", Encoding.UTF8.GetBytes(string.Join("\n\n", services)));
        var snapshot = ConfigurationReader.Read(file, _ => "filled", "/home");
        return [.. snapshot.Mistakes];
    }

    private IEnumerable<string> Keys(params string[] keys) => keys.Select(Key).Where(lines => lines.Length > 0);
}
