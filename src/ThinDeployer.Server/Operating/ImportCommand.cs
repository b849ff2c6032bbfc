using System.CommandLine;
using ThinDeployer.Operating.Importing;

namespace ThinDeployer.Server.Operating;

/// <summary><c>import webhook FILE</c>: prints what another program's hooks are here.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string> Hooks = Operand.New("FILE", "hooks.json, or hooks.yaml");

    internal static Command New()
    {
        var webhook = new Command(
            "webhook",
            "Print the hooks of adnanh/webhook as a configuration: exit code 0, 1 when a rule is not carried over, or 78."
        );
        webhook.Arguments.Add(Hooks);
        webhook.SetAction(parsed => Print(WebhookImport.Of(parsed.GetValue(Hooks)!)));
        var import = new Command("import", "Move here from another program.");
        import.Subcommands.Add(webhook);
        return import;
    }

    private static int Print(WebhookImport import)
    {
        foreach (var line in import.Lines)
        {
            Console.Error.WriteLine(line);
        }

        Console.Out.Write(import.Configuration);
        return !import.IsHooksFile ? ExitCode.Configuration
            : import.IsWhole ? ExitCode.Good
            : ExitCode.Failed;
    }
}
