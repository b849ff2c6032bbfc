using System.Net;
using ThinDeployer.Addresses;
using ThinDeployer.Listening;
using ThinDeployer.Security;

namespace ThinDeployer.Configuration;

/// <summary>
/// All settings of the server. The command line with its help and completion, the variables and the warning of misspelt ones,
/// <c>doctor</c>, and the tables of docs/configuration.md are made of this.
/// </summary>
public static class Switches
{
    /// <summary>Where the services are: a file or a folder.</summary>
    public static Switch<string?> Configuration { get; } =
        SwitchOf.Path("configuration", "YAML file, or folder of *.yml and *.yaml files") with
        {
            Default = "~/.deployer.yml",
            StandIns = [new("CONFIGURATION_DIRECTORY")],
        };

    /// <summary>0 for any.</summary>
    public static Switch<int> Port { get; } =
        SwitchOf.Number(
            "port",
            IPEndPoint.MinPort,
            IPEndPoint.MaxPort,
            "TCP port to listen on, 0 for any free one"
        ) with
        {
            Default = "8012",
            IsEndpoint = true,
        };

    /// <summary>Each has its port, or that of <see cref="Port"/>.</summary>
    internal static Switch<IReadOnlyList<ListenAddress>> Listen { get; } =
        SwitchOf.Addresses(
            "listen",
            "where to listen: IP addresses, each with a port of its own or not, and unix:PATH"
        ) with
        {
            Default = "0.0.0.0",
            IsEndpoint = true,
        };

    internal static Switch<string?> TlsCertificate { get; } =
        SwitchOf.Path("tls-certificate", "certificate of the server and its chain, as PEM: speak HTTPS") with
        {
            IsEndpoint = true,
        };

    internal static Switch<string?> TlsKey { get; } =
        SwitchOf.Path("tls-key", "its private key, as PEM, not encrypted") with
        {
            IsEndpoint = true,
        };

    internal static Switch<string?> TlsClientAuthority { get; } =
        SwitchOf.Path("tls-client-ca", "authorities as PEM: demand a certificate of theirs from clients") with
        {
            IsEndpoint = true,
        };

    internal static Switch<string> PathBase { get; } =
        SwitchOf.UrlPath("path-base", "path below which all is, for a proxy that hands it on, such as /deployer") with
        {
            IsEndpoint = true,
        };

    internal static Switch<string?> LogFile { get; } =
        SwitchOf.Path("log-file-prefix", "also write the log to this file, rotated at 100 MB");

    internal static Switch<string> LogFormat { get; } =
        SwitchOf.OneOf(
            "log-format",
            "FORMAT",
            ["text", "json"],
            "how the log is written: text or json, one object a line"
        ) with
        {
            Default = "text",
        };

    /// <summary>Where the record is: a folder.</summary>
    public static Switch<string?> Data { get; } =
        SwitchOf.Path("data", "folder for what must outlive the program") with
        {
            Default = "~/.local/state/thin-deployer",
            StandIns = [new("STATE_DIRECTORY"), new("XDG_STATE_HOME", "thin-deployer")],
        };

    /// <summary>Bytes; an array holds no more than that.</summary>
    public static Switch<long> MaximumBody { get; } =
        SwitchOf.Size("max-body", maximum: "1GiB", "largest body of a request, such as 64KiB") with
        {
            Default = "25MiB",
        };

    internal static Switch<Token?> AdminToken { get; } =
        SwitchOf.Token(
            "admin-token",
            "token that opens the page and the history of all services; better as a variable, or as sha256:HEX"
        );

    internal static Switch<Token?> ViewerToken { get; } =
        SwitchOf.Token("viewer-token", "token that shows what the admin's does, and lets nothing be done");

    internal static Switch<bool> Page { get; } =
        SwitchOf.YesOrNo("page", "serve the page for browsers, at /ui/") with
        {
            Default = "true",
        };

    internal static Switch<Uri?> PublicUrl { get; } =
        SwitchOf.WebAddress(
            "public-url",
            "where people reach this server, for links in messages, such as https://deploy.example.org"
        );

    internal static Switch<Token?> MetricsToken { get; } =
        SwitchOf.Token(
            "metrics-token",
            "token that opens /metrics, and nothing else; without it, only this machine reads them"
        );

    internal static Switch<int> MaximumParallel { get; } =
        SwitchOf.Number("max-parallel", 1, 10_000, "deployments that run at once over all services") with
        {
            Unset = int.MaxValue,
            WithoutDefault = "no limit",
        };

    internal static Switch<TimeSpan> ShutdownGrace { get; } =
        SwitchOf.Duration(
            "shutdown-grace",
            TimeSpan.FromHours(24),
            "what running deployments get when the server is stopped, such as 5m"
        ) with
        {
            Default = "30s",
        };

    internal static Switch<int> AuthFailuresPerMinute { get; } =
        SwitchOf.Number(
            "auth-failures-per-minute",
            0,
            1_000_000,
            "failed attempts that an address may make in a minute, 0 for any number"
        ) with
        {
            Default = "20",
        };

    internal static Switch<NetworkList> TrustedProxies { get; } =
        SwitchOf.Networks(
            "trusted-proxies",
            "whose X-Forwarded-For is believed, such as 127.0.0.1,10.0.0.0/8,unix"
        ) with
        {
            WithoutDefault = "nobody's",
        };

    internal static Switch<bool> HideServices { get; } =
        SwitchOf.YesOrNo("hide-services", "answer an unknown service as a wrong token") with
        {
            Default = "false",
        };

    internal static Switch<Uri?> Broker { get; } =
        SwitchOf.Broker(
            "broker",
            "broker that leads to other machines, such as amqps://LOGIN:PASSWORD@HOST; better as a variable"
        ) with
        {
            IsOfMachine = true,
        };

    internal static Switch<string?> BrokerAuthority { get; } =
        SwitchOf.Path("broker-ca", "authorities as PEM: who may have signed the broker's certificate") with
        {
            WithoutDefault = "the system's",
        };

    internal static Switch<string?> Machine { get; } =
        SwitchOf.Machine("machine", "what this machine must be called at its front, of an agent") with
        {
            WithoutDefault = "as its join code says",
        };

    internal static Switch<Secret?> HealthToken { get; } =
        SwitchOf.Secret("HC_TOKEN", "opens the health check; without it nobody sees it") with
        {
            IsVariableOnly = true,
        };

    internal static Switch<int> MinimumTokenLength { get; } =
        SwitchOf.Number("HC_MIN_TOKEN_LENGTH", 0, 4096, "characters that each token should have") with
        {
            Default = "16",
            IsVariableOnly = true,
        };

    internal static Switch<int> MaximumDiskUsage { get; } =
        SwitchOf.Number("HC_MAX_DISK_USAGE", 0, 100, "percent of a disk, from which on the health check fails") with
        {
            Default = "90",
            IsVariableOnly = true,
        };

    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<Switch> All { get; } =
    [
        Configuration,
        Port,
        Listen,
        TlsCertificate,
        TlsKey,
        TlsClientAuthority,
        PathBase,
        LogFile,
        LogFormat,
        Data,
        MaximumBody,
        AdminToken,
        ViewerToken,
        MetricsToken,
        MaximumParallel,
        ShutdownGrace,
        AuthFailuresPerMinute,
        TrustedProxies,
        HideServices,
        Page,
        PublicUrl,
        Broker,
        BrokerAuthority,
        Machine,
        HealthToken,
        MinimumTokenLength,
        MaximumDiskUsage,
    ];
}
