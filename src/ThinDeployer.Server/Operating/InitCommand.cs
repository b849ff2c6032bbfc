using System.CommandLine;
using System.Text;
using ThinDeployer.Configuration;
using ThinDeployer.Operating.Diagnosis;
using ThinDeployer.Operating.Scaffolding;
using ThinDeployer.Server.Client;

namespace ThinDeployer.Server.Operating;

/// <summary><c>init</c>: writes a service with a new token, and says how it is called.</summary>
internal static class InitCommand
{
    /// <summary>Of the package; who is root there means the installed server.</summary>
    private const string Installed = "/etc/thin-deployer";

    private const string None = "none";

    private static readonly string Forges = string.Join(", ", Forge.All.Select(forge => forge.Name));

    private static readonly Argument<string> Name = Operand.New(
        "SERVICE",
        "its name [default: that of the folder]",
        isNeeded: false
    );

    private static readonly Option<string> Folder = TextOption.New(
        "--pwd",
        "where its commands run [default: the current folder]",
        "PATH"
    );

    private static readonly Option<string[]> Run = new("--run")
    {
        Description = "a command; may be given again [default: by what is in the folder]",
        HelpName = "COMMAND",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> ForgeName = TextOption.New(
        "--forge",
        $"whose push deploys: {Forges} or {None} [default: by the folder's origin]",
        "NAME"
    );

    private static readonly Option<string> Branch = TextOption.New(
        "--branch",
        "whose push deploys [default: that of the folder, or main]",
        "NAME"
    );

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "ask nothing, take the defaults" };

    internal static Command New()
    {
        var init = new Command(
            "init",
            "Write a service with a new token, and say how to call it: in a terminal it asks for what is not given."
        );
        init.Arguments.Add(Name);
        Option[] options =
        [
            Folder,
            Run,
            ForgeName,
            Branch,
            ClientSettings.ServerOption,
            ServerOptions.Of(Switches.Configuration),
            Yes,
        ];
        foreach (var option in options)
        {
            init.Options.Add(option);
        }

        init.SetAction(Init);
        return init;
    }

    private static int Init(ParseResult parsed)
    {
        var settings = ServerOptions.Read(parsed, OfInstalled(parsed));
        if (settings.Mistakes.Count > 0)
        {
            return Refusal.Say(string.Join("; ", settings.Mistakes));
        }

        try
        {
            var (server, socket) = ClientSettings.ServerOf(parsed);
            var service = ServiceOf(parsed, new Questions(parsed.GetValue(Yes)), out var page);
            Console.Out.Write(Text(service, ServiceFile.Of(settings).Add(service), page, server, socket));
            Console.Error.WriteLine(Validation.Of(settings).ToText());
            return ExitCode.Good;
        }
        catch (Exception exception) when (exception is ClientFailure or UnwantedServiceException)
        {
            return Refusal.Say(exception.Message);
        }
    }

    /// <summary>Null where a switch or a variable says something else.</summary>
    private static string? OfInstalled(ParseResult parsed) =>
        Environment.IsPrivilegedProcess
        && Directory.Exists(Installed)
        && parsed.GetValue(ServerOptions.Of(Switches.Configuration)) is null
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Switches.Configuration.Variable))
            ? Installed
            : null;

    private static NewService ServiceOf(ParseResult parsed, Questions questions, out Uri? page)
    {
        var folder = Path.GetFullPath(
            parsed.GetValue(Folder) ?? questions.Ask("Folder that is deployed", Environment.CurrentDirectory)
        );
        var found = Checkout.Of(folder);
        page = found.Repository;
        var name = parsed.GetValue(Name) ?? questions.Ask("Name of the service", Path.GetFileName(folder));
        var commands = parsed.GetValue(Run) is { Length: > 0 } given
            ? given
            : questions.AskLines("Commands, one a line, an empty line ends", found.Commands);
        var wanted =
            parsed.GetValue(ForgeName)
            ?? questions.Ask(
                $"Whose push deploys ({Forges}, {None})",
                found.Repository is { } origin && Forge.At(origin.Host) is { } likely ? likely.Name : None
            );
        var forge = Forge.All.FirstOrDefault(forge => forge.Name == wanted);
        if (forge is null && wanted != None)
        {
            throw new UnwantedServiceException(
                $"there is no forge \"{wanted}\" here, but {Forges}; for others take {None}, and read docs/senders.md"
            );
        }

        var usual = found.Branch ?? "main";
        var branch = parsed.GetValue(Branch) ?? (forge is null ? usual : questions.Ask("Which branch", usual));
        return NewService.Of(name, folder, commands, forge, branch);
    }

    private static string Text(NewService service, string file, Uri? page, Uri server, string? socket)
    {
        var url = new Uri(server, $"deploy/{service.Name}").ToString();
        var way = socket is null ? "" : $"--unix-socket {socket} ";
        var next = file.StartsWith(Installed + "/", StringComparison.Ordinal)
            ? """
                Start the server, and see what its user lacks:

                    systemctl start thin-deployer
                    sudo -u thin-deployer thin-deployer doctor --configuration /etc/thin-deployer --data /var/lib/thin-deployer
                """
            : "Start the server, if it does not run yet: thin-deployer";
        var text = new StringBuilder(
            $"""
            Service {service.Name} is in {file}. A server that runs with it takes it up by itself.
            {next}

            Its token, which is shown this once; the file has a digest only:

                {service.Token}

            Deploy it:

                curl {way}-N -X POST -H "Accept: text/plain" -H "X-Auth-Token: {service.Token}" {url}

            """
        );
        if (service.Forge is not { } forge)
        {
            return text.ToString();
        }

        var where = page is null || Forge.At(page.Host) != forge ? "Settings, Webhooks" : forge.PageOf(page.ToString());
        text.Append($"\nA push deploys it, too, after this at {forge.Title}, {where}:\n\n");
        var form = forge.Form(url, service.Secret!).ToList();
        var width = form.Max(line => line.Field.Length);
        foreach (var (field, value) in form)
        {
            text.Append($"    {field.PadRight(width)}  {value}\n");
        }

        return server.IsLoopback
            ? text.Append($"\n{forge.Title} must reach the server: write its public address in place of {server}\n")
                .ToString()
            : text.ToString();
    }
}
