using System.Text;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Importing;

/// <summary>The hooks of webhook (github.com/adnanh/webhook, 2.8) as a configuration of ours.</summary>
public sealed class WebhookImport
{
    private WebhookImport(bool isHooksFile, bool isWhole, string configuration, IReadOnlyList<string> lines) =>
        (IsHooksFile, IsWhole, Configuration, Lines) = (isHooksFile, isWhole, configuration, lines);

    /// <summary>Else <see cref="Lines"/> say what is wrong, and there is no configuration.</summary>
    public bool IsHooksFile { get; }

    /// <summary>Whether all that says who may deploy, and when, was carried over.</summary>
    public bool IsWhole { get; }

    /// <summary>Holds the secrets of the hooks.</summary>
    public string Configuration { get; }

    /// <summary>
    /// <c>FILE:LINE:COLUMN: HOOK: what, and what to do instead</c>, without any secret; in the order of the file.
    /// </summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Never throws for what the file holds, or that it can't be read.</summary>
    /// <param name="path">As it is named in <see cref="Lines"/>.</param>
    public static WebhookImport Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var file = HookFile.Read(path);
        return file.Problems.HasMistakes
            ? new WebhookImport(false, false, "", [.. file.Problems.Select(problem => problem.ToString())])
            : Convert(path, file.Hooks);
    }

    private static WebhookImport Convert(string path, IReadOnlyList<Hook> hooks)
    {
        var text = new StringBuilder(Head(path));
        var lines = new List<string>();
        var isWhole = true;
        var names = new ServiceNames();
        foreach (var hook in hooks)
        {
            var service = HookConversion.Of(hook, names, out var told);
            text.Append('\n').Append(service.Write());
            lines.AddRange(
                told.OrderBy(one => (one.Place.Line, one.Place.Column))
                    .Select(one => $"{one.Place}: {Quote.Escaped(hook.Id)}: {one.Text}")
            );
            isWhole &= told.All(one => one.Gravity is not Gravity.LostRule);
        }

        return new WebhookImport(true, isWhole, text.ToString(), lines);
    }

    private static string Head(string path) =>
        $"# Made of {Quote.Escaped(path)} by: thin-deployer import webhook\n"
        + "# It holds the secrets of the hooks: keep it from others. What was POST /hooks/ID is POST /deploy/SERVICE.\n";
}
