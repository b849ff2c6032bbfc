using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>The settings of the server itself, in sections. A room gets its own, or what it needs of one, and never all.</summary>
public sealed class ServerSettings
{
    private ServerSettings(
        SettingsSource source,
        bool serves,
        IEnumerable<string> variableNames,
        long? hostBodyLimit,
        bool isAgent
    )
    {
        Listen = ListenSettings.Read(source);
        Log = LogSettings.Read(source, serves);
        Otlp = OtlpReader.Read(source.Foreign);
        Engine = EngineSettings.Read(source) with { SendsTraces = Otlp.Traces is not null };
        Http = new HttpSettings(source);
        Health = HealthSettings.Read(source, Engine.DataFolder);
        Machines = MachineSettings.Read(source, isAgent);
        IEnumerable<string> tooLarge =
            Http.MaximumBody > hostBodyLimit
                ? [$"{Switches.MaximumBody.Variable}: the host lets no body of more than {hostBodyLimit} bytes through"]
                : [];
        Configuration = ConfigurationSettings.Read(
            source,
            Health.MinimumTokenLength,
            Otlp.Secrets,
            [.. tooLarge, .. MisspeltVariables.Warnings(variableNames), .. Otlp.Warnings]
        ) with
        {
            IsAgent = isAgent,
        };
    }

    /// <summary>Where to listen; of no use to a host that knows it by itself.</summary>
    public ListenSettings Listen { get; }

    /// <summary>What stands before each path: empty, or <c>/deployer</c>.</summary>
    public string PathBase => Http.PathBase;

    internal LogSettings Log { get; }

    internal EngineSettings Engine { get; }

    internal OtlpSettings Otlp { get; }

    internal HttpSettings Http { get; }

    internal HealthSettings Health { get; }

    internal MachineSettings Machines { get; }

    internal ConfigurationSettings Configuration { get; }

    /// <summary>What could not be understood, a sentence each; the default stands in for it.</summary>
    public IReadOnlyList<string> Mistakes => Configuration.Mistakes;

    /// <param name="switchOf">The value of a switch, or null; itself null on a host without a command line.</param>
    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <param name="serves">Whether the log file is tried out, and made if need be; a look at the settings leaves no trace.</param>
    /// <param name="variableNames">All that are set, to find misspelt ones; null for none.</param>
    /// <param name="hostBodyLimit">Bytes of a body that the program's host lets through; null for no limit of its own.</param>
    /// <param name="isAgent">Whether this machine runs what a front orders, and nobody else can deploy on it.</param>
    public static ServerSettings Read(
        Func<Switch, string?>? switchOf,
        Func<string, string?> variable,
        bool serves = true,
        IEnumerable<string>? variableNames = null,
        long? hostBodyLimit = null,
        bool isAgent = false
    ) => new(new SettingsSource(switchOf, variable), serves, variableNames ?? [], hostBodyLimit, isAgent);

    /// <summary>The names of all variables of this process.</summary>
    public static IEnumerable<string> VariableNames => Environment.GetEnvironmentVariables().Keys.Cast<string>();

    /// <summary>Reads a duration such as <c>30s</c>: a whole number and <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
    public static bool TryDuration(string text, out TimeSpan duration) => Scalars.TryDuration(text, out duration);
}
