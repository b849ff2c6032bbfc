using System.CommandLine;
using System.Net;
using ThinDeployer.Configuration;
using ThinDeployer.Operating.Diagnosis;
using ThinDeployer.Server.Client;
using ThinDeployer.Server.Operating;

namespace ThinDeployer.Server;

/// <summary>The switches of the standalone server.</summary>
internal static class CommandLine
{
    private const int DefaultPort = 8012;

    private static readonly Option<string> ConfigurationPath = new("--configuration")
    {
        Description = "YAML file, or folder of *.yml and *.yaml files [default: ~/.deployer.yml]",
        HelpName = "PATH",
    };

    private static readonly Option<string> Port = new("--port")
    {
        Description = $"TCP port to listen on, 0 for any free one [default: {DefaultPort}]",
        HelpName = "NUMBER",
    };

    private static readonly Option<string> Listen = new("--listen")
    {
        Description = "IP address to listen on [default: 0.0.0.0]",
        HelpName = "ADDRESS",
    };

    private static readonly Option<string> LogFile = new("--log-file-prefix")
    {
        Description = "also write the log to this file, rotated at 100 MB",
        HelpName = "PATH",
    };

    private static readonly Option<string> LogFormat = new("--log-format")
    {
        Description = "how the log is written: text or json, one object a line [default: text]",
        HelpName = "FORMAT",
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "folder for what must outlive the program [default: ~/.local/state/thin-deployer]",
        HelpName = "PATH",
    };

    private static readonly Option<string> MaximumBody = new("--max-body")
    {
        Description = "largest body of a request, such as 64KiB [default: 25MiB]",
        HelpName = "SIZE",
    };

    private static readonly Option<string> AdminToken = new("--admin-token")
    {
        Description = "token that opens the history of all services; better as a variable, or as sha256:HEX",
        HelpName = "TOKEN",
    };

    private static readonly Option<string> MaximumParallel = new("--max-parallel")
    {
        Description = "deployments that run at once over all services [default: no limit]",
        HelpName = "NUMBER",
    };

    private static readonly Option<string> ShutdownGrace = new("--shutdown-grace")
    {
        Description = "what running deployments get when the server is stopped, such as 5m [default: 30s]",
        HelpName = "DURATION",
    };

    private static readonly Option<string> AuthFailures = new("--auth-failures-per-minute")
    {
        Description = "failed attempts that an address may make in a minute, 0 for any number [default: 20]",
        HelpName = "NUMBER",
    };

    private static readonly Option<string> TrustedProxies = new("--trusted-proxies")
    {
        Description = "whose X-Forwarded-For is believed, such as 127.0.0.1,10.0.0.0/8 [default: nobody's]",
        HelpName = "NETWORKS",
    };

    /// <summary>The one that may stand alone.</summary>
    private static readonly Option<string> HideServices = new("--hide-services")
    {
        Description = "answer an unknown service as a wrong token",
        HelpName = "true|false",
    };

    private static readonly Option<string>[] Switches =
    [
        ConfigurationPath,
        Port,
        Listen,
        LogFile,
        LogFormat,
        Data,
        MaximumBody,
        AdminToken,
        MaximumParallel,
        ShutdownGrace,
        AuthFailures,
        TrustedProxies,
        HideServices,
    ];

    /// <summary>The library would end the process 2 s after SIGTERM; the host decides when it ends.</summary>
    private static readonly InvocationConfiguration OurInvocation = new()
    {
        ProcessTerminationTimeout = null,
        EnableDefaultExceptionHandler = false,
    };

    private static readonly ParserConfiguration OurParsing = new() { ResponseFileTokenReplacer = null };

    /// <returns>The exit code of the program.</returns>
    internal static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand(
            "Runs your deployment commands when an authorised HTTP call asks for it.\n"
                + "Each switch can also be an environment variable: --max-body is THIN_DEPLOYER_MAX_BODY."
        );
        foreach (var option in Switches)
        {
            option.Arity = option == HideServices ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne;
            root.Options.Add(option);
        }

        foreach (var command in ClientCommands.All)
        {
            root.Subcommands.Add(command);
        }

        foreach (
            var command in OperatorCommands.All(ConfigurationPath, Data, (parsed, path) => SettingsOf(parsed, path))
        )
        {
            root.Subcommands.Add(command);
        }

        foreach (
            var command in RequestCommands.All(ConfigurationPath, parsed => SettingsOf(parsed, configuration: null))
        )
        {
            root.Subcommands.Add(command);
        }

        root.Subcommands.Add(NewDoctor());
        root.Subcommands.Add(Completion.New(root));
        GroupedHelp.AddTo(root);

        root.SetAction((result, _) => StartAsync(result));
        var parsed = root.Parse(WordCommands.AsSwitches(arguments), OurParsing);
        return parsed.Errors.Count == 0 || GroupedHelp.IsWanted(parsed)
            ? await parsed.InvokeAsync(OurInvocation)
            : Refusal.Say(Misspelling.Of(parsed) ?? parsed.Errors[0].Message);
    }

    private static async Task<int> StartAsync(ParseResult parsed)
    {
        var settings = SettingsOf(parsed, configuration: null, serves: true);
        return settings.Mistakes.Count > 0
            ? Refusal.Say(string.Join("; ", settings.Mistakes))
            : await StandaloneServer.RunAsync(settings, EndpointOf(parsed, out _)!);
    }

    private static Command NewDoctor()
    {
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var doctor = new Command(
            "doctor",
            "Look for what keeps deployments from working: exit code 0, or 1 for what is wrong."
        );
        foreach (var option in (Option[])[ConfigurationPath, Port, Listen, Data, json])
        {
            doctor.Options.Add(option);
        }

        doctor.SetAction((parsed, _) => DoctorAsync(parsed, parsed.GetValue(json)));
        return doctor;
    }

    private static async Task<int> DoctorAsync(ParseResult parsed, bool asJson)
    {
        var server = RunningServer.TakeEnvironment(SettingsOf(parsed, configuration: null));
        var settings = SettingsOf(parsed, configuration: null);
        if (settings.Mistakes.Count > 0)
        {
            return Refusal.Say(string.Join("; ", settings.Mistakes));
        }

        var findings = await Doctor.ExamineAsync(settings, EndpointOf(parsed, out _)!, server);
        Console.Out.WriteLine(asJson ? Doctor.ToJson(findings) : Doctor.ToText(findings));
        return findings.Any(finding => finding.Weight is Weight.Wrong) ? ExitCode.Failed : ExitCode.Good;
    }

    /// <summary>Null where the switches make none; <paramref name="refusal"/> then says why.</summary>
    private static IPEndPoint? EndpointOf(ParseResult parsed, out string refusal)
    {
        refusal = "--port (THIN_DEPLOYER_PORT) must be a whole number from 0 to 65535";
        if (!TryPort(Value(parsed, Port), out var port))
        {
            return null;
        }

        refusal = "--listen (THIN_DEPLOYER_LISTEN) must be an IP address of this machine, such as 127.0.0.1 or ::";
        return TryAddress(Value(parsed, Listen), out var address) ? new IPEndPoint(address, port) : null;
    }

    /// <param name="parsed">Has the switches.</param>
    /// <param name="configuration">Wins over its switch; null for no such wish.</param>
    /// <param name="serves">Whether the server starts; else nothing is touched.</param>
    private static ServerSettings SettingsOf(ParseResult parsed, string? configuration, bool serves = false)
    {
        var settings = ServerSettings.Read(
            name =>
                name == "configuration" && configuration is not null
                    ? configuration
                    : SwitchOf(parsed, Switches.Single(option => option.Name == "--" + name)),
            Environment.GetEnvironmentVariable,
            serves,
            ServerSettings.VariableNames
        );
        return EndpointOf(parsed, out var refusal) is null
            ? settings with
            {
                Mistakes = [.. settings.Mistakes, refusal],
            }
            : settings;
    }

    private static string? SwitchOf(ParseResult parsed, Option<string> option) =>
        parsed.GetResult(option) is { Implicit: false, Tokens: [] } ? "true" : parsed.GetValue(option);

    private static string? Value(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) ?? Environment.GetEnvironmentVariable(ServerSettings.VariableOf(option.Name[2..]));

    private static bool TryPort(string? text, out int port)
    {
        port = DefaultPort;
        return string.IsNullOrEmpty(text)
            || (
                int.TryParse(
                    text,
                    System.Globalization.NumberStyles.None,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out port
                )
                && port <= IPEndPoint.MaxPort
            );
    }

    private static bool TryAddress(string? text, out IPAddress address)
    {
        address = IPAddress.Any;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (text == "localhost")
        {
            address = IPAddress.Loopback;
            return true;
        }

        return IPAddress.TryParse(text, out address!);
    }
}
