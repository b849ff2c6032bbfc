using ThinDeployer.Addresses;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>
/// The settings of the server itself: switches, or environment variables of the same name. A switch wins; a variable
/// that is empty counts as not set.
/// </summary>
public sealed record ServerSettings
{
    private const long DefaultMaximumBody = 25L * 1024 * 1024;

    /// <summary>An array can't hold more.</summary>
    private const long LargestBody = 1024L * 1024 * 1024;

    private ServerSettings() { }

    /// <summary>
    /// Full path of the configuration, a file or a folder. Default systemd's <c>$CONFIGURATION_DIRECTORY</c>, else
    /// <c>~/.deployer.yml</c>.
    /// </summary>
    internal string ConfigurationPath { get; private init; } = "";

    /// <summary>Full path of the log file; null for none.</summary>
    internal string? LogFile { get; private init; }

    /// <summary>Whether console and log file get JSON. Default text.</summary>
    internal bool LogsJson { get; private init; }

    /// <summary>
    /// Full path of the folder for what must outlive the program. Default systemd's <c>$STATE_DIRECTORY</c>, else
    /// <c>$XDG_STATE_HOME/thin-deployer</c>, else <c>~/.local/state/thin-deployer</c>.
    /// </summary>
    internal string DataFolder { get; private init; } = "";

    /// <summary>Bytes of a request's body, 0 to 1 GiB. Default 25 MiB.</summary>
    internal long MaximumBody { get; private init; }

    /// <summary>Opens the health check; null where nobody may see it.</summary>
    internal Secret? HealthToken { get; private init; }

    /// <summary>Characters that each token should have. Default 16.</summary>
    internal int MinimumTokenLength { get; private init; }

    /// <summary>Percent of a disk, 0 to 100. Default 90.</summary>
    internal int MaximumDiskUsage { get; private init; }

    /// <summary>Opens everything but deploys; null where nobody has that right.</summary>
    internal Token? AdminToken { get; private init; }

    /// <summary>What stands plain in the settings, and in no output.</summary>
    internal IReadOnlyList<Secret> Secrets { get; private init; } = [];

    /// <summary>Deployments that run at once over all services. Default: no limit.</summary>
    internal int MaximumParallel { get; private init; } = int.MaxValue;

    /// <summary>What running deployments get to finish when the server is told to stop. Default 30 s.</summary>
    internal TimeSpan ShutdownGrace { get; private init; }

    /// <summary>Failed attempts that an address may make in a minute. Default 20; 0 is no limit.</summary>
    internal int AuthFailuresPerMinute { get; private init; }

    /// <summary>Whose <c>X-Forwarded-For</c> is believed. Default: nobody's.</summary>
    internal NetworkList TrustedProxies { get; private init; } = NetworkList.None;

    /// <summary>Whether an unknown service looks like a wrong token. Default: no.</summary>
    internal bool HidesServices { get; private init; }

    /// <summary>What could not be understood, a sentence each; the default stands in for it.</summary>
    public IReadOnlyList<string> Mistakes { get; init; } = [];

    /// <summary>What can't be had as it is asked for, a sentence each.</summary>
    internal IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <param name="switchOf">The value of a switch by its name without dashes, or null.</param>
    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <param name="serves">Whether the log file is tried out, and made if need be; a look at the settings leaves no trace.</param>
    /// <param name="variableNames">All that are set, to find misspelt ones; null for none.</param>
    /// <param name="hostBodyLimit">Bytes of a body that the program's host lets through; null for no limit of its own.</param>
    public static ServerSettings Read(
        Func<string, string?> switchOf,
        Func<string, string?> variable,
        bool serves = true,
        IEnumerable<string>? variableNames = null,
        long? hostBodyLimit = null
    )
    {
        var source = new SettingsSource(switchOf, variable);
        var maximumBody = source.Size("max-body", byDefault: DefaultMaximumBody, maximum: LargestBody);
        return new ServerSettings
        {
            ConfigurationPath =
                source.Path("configuration")
                ?? source.VariableFolder("CONFIGURATION_DIRECTORY")
                ?? source.InHome("configuration", ".deployer.yml"),
            LogFile = serves ? source.WritableFile("log-file-prefix") : source.Path("log-file-prefix"),
            LogsJson = source.Choice("log-format", "text", "json") == "json",
            DataFolder =
                source.Path("data")
                ?? source.VariableFolder("STATE_DIRECTORY")
                ?? (
                    source.VariableFolder("XDG_STATE_HOME") is { } state
                        ? Path.Join(state, "thin-deployer")
                        : source.InHome("data", ".local/state/thin-deployer")
                ),
            MaximumBody = maximumBody,
            HealthToken = source.VariableSecret("HC_TOKEN"),
            MinimumTokenLength = source.VariableNumber("HC_MIN_TOKEN_LENGTH", byDefault: 16, maximum: 4096),
            MaximumDiskUsage = source.VariableNumber("HC_MAX_DISK_USAGE", byDefault: 90, maximum: 100),
            AdminToken = source.Token("admin-token"),
            Secrets = source.Secrets("HC_TOKEN", "admin-token"),
            MaximumParallel = source.Integer("max-parallel", byDefault: int.MaxValue, minimum: 1, maximum: 10_000),
            ShutdownGrace = source.Duration(
                "shutdown-grace",
                byDefault: TimeSpan.FromSeconds(30),
                maximum: TimeSpan.FromHours(24)
            ),
            AuthFailuresPerMinute = source.Integer(
                "auth-failures-per-minute",
                byDefault: 20,
                minimum: 0,
                maximum: 1_000_000
            ),
            TrustedProxies = source.Networks("trusted-proxies"),
            HidesServices = source.Boolean("hide-services"),
            Mistakes = source.Mistakes,
            Warnings =
            [
                .. maximumBody > hostBodyLimit
                    ? [$"{VariableOf("max-body")}: the host lets no body of more than {hostBodyLimit} bytes through"]
                    : (IEnumerable<string>)[],
                .. source.Misspelt(variableNames ?? []),
            ],
        };
    }

    /// <summary>The names of all variables of this process.</summary>
    public static IEnumerable<string> VariableNames => Environment.GetEnvironmentVariables().Keys.Cast<string>();

    /// <summary>Reads a duration such as <c>30s</c>: a whole number and <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
    public static bool TryDuration(string text, out TimeSpan duration) => Scalars.TryDuration(text, out duration);

    /// <summary>The environment variable of a switch: <c>max-body</c> is <c>THIN_DEPLOYER_MAX_BODY</c>.</summary>
    /// <param name="switchName">Without dashes in front.</param>
    public static string VariableOf(string switchName) => SettingsSource.VariableOf(switchName);
}
