using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ThinDeployer.Testing;

/// <summary>
/// Debian's RabbitMQ on free ports of this machine, with all that it writes in a folder of its own. It takes some seconds to
/// start: share one.
/// </summary>
internal sealed class TestBroker : IAsyncDisposable
{
    internal const string Administrator = "keeper";
    internal const string Password = "a-keepers-password";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client;
    private readonly Process _names;
    private readonly Dictionary<string, string> _environment;
    private Process? _process;
    private int _places;

    private TestBroker()
    {
        var ports = FreePorts(7);
        (Port, TlsPort, ManagementPort, TlsManagementPort) = (ports[0], ports[1], ports[2], ports[3]);
        _environment = EnvironmentOf(ports[4], ports[5], ports[6]);
        WriteCertificates();
        File.WriteAllText(_folder.At("plugins"), "[rabbitmq_management].");
        File.WriteAllText(_folder.At("broker.conf"), Configuration());
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ManagementPort}/api/") };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Administrator}:{Password}"))
        );
        // Else the broker starts one that outlives it.
        _names = Start(
            "/usr/bin/epmd",
            "-port",
            ports[5].ToString(CultureInfo.InvariantCulture),
            "-address",
            "127.0.0.1"
        );
    }

    internal int Port { get; }

    internal int TlsPort { get; }

    internal int ManagementPort { get; }

    internal int TlsManagementPort { get; }

    /// <summary>PEM: who signed its certificate.</summary>
    internal string AuthorityFile => _folder.At("authority.pem");

    /// <summary>PEM: who did not.</summary>
    internal string OtherAuthorityFile => _folder.At("other.pem");

    /// <summary>Of the program that is running.</summary>
    internal int ProcessId => _process!.Id;

    private static string Programs { get; } =
        Directory.Exists("/usr/lib/rabbitmq/lib")
            ? Path.Combine(Directory.GetDirectories("/usr/lib/rabbitmq/lib").Single(), "sbin")
            : throw new InvalidOperationException(
                "These tests need Debian's package rabbitmq-server (.ci/run installs it)"
            );

    /// <summary>Comes when it is ready.</summary>
    internal static async Task<TestBroker> StartAsync()
    {
        var broker = new TestBroker();
        await broker.RestartAsync();
        return broker;
    }

    /// <summary>The address of an administrator, as <c>--broker</c> has it.</summary>
    internal Uri Address(string place = "") =>
        new($"amqp://{Administrator}:{Password}@127.0.0.1:{Port}/{place}?management={ManagementPort}");

    /// <summary>The same by TLS; its certificate is for this name and 127.0.0.1, and not for 127.0.0.2.</summary>
    internal Uri TlsAddress(string place = "", string host = "localhost") =>
        new($"amqps://{Administrator}:{Password}@{host}:{TlsPort}/{place}?management={TlsManagementPort}");

    /// <summary>Makes a virtual host, where nothing is yet.</summary>
    internal async Task<string> NewPlaceAsync()
    {
        var name = $"place-{Interlocked.Increment(ref _places)}";
        await PutAsync($"vhosts/{name}", "{}");
        await PutAsync($"permissions/{name}/{Administrator}", """{"configure": ".*", "write": ".*", "read": ".*"}""");
        return name;
    }

    /// <summary>Of its management API, below <c>/api/</c>; null for what is not there.</summary>
    internal async Task<string?> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode == HttpStatusCode.NotFound
            ? null
            : await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    internal async Task PutAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _client.PutAsync(new Uri(path, UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }

    internal async Task<string> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _client.PostAsync(new Uri(path, UriKind.Relative), content);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    /// <summary>Starts it again on what it had. Comes when it is ready.</summary>
    internal async Task RestartAsync()
    {
        _process = Start(Path.Combine(Programs, "rabbitmq-server"));
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var said = new StringBuilder();
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            said.AppendLine(line);
            if (line.Contains("completed with", StringComparison.Ordinal))
            {
                _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        throw new InvalidOperationException($"RabbitMQ did not start: {said}");
    }

    /// <summary>In peace.</summary>
    internal async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{ProcessId}"]);
        await kill.WaitForExitAsync();
        await _process!.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>
    /// As a crash does. What was sent is on its disk then, but it keeps for a moment in memory which queues and logins were
    /// made; a quorum queue that is lost so is dead for good. So these are flushed before.
    /// </summary>
    internal async Task KillAsync()
    {
        await ControlAsync("eval", "mnesia:sync_log(), [dets:sync(Table) || Table <- dets:all()].");
        await KillAtOnceAsync();
    }

    private async Task KillAtOnceAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>As if its disk were full, or not.</summary>
    internal Task SetDiskAlarmAsync(bool isOn) => ControlAsync("set_disk_free_limit", isOn ? "1000000GB" : "1MB");

    /// <summary>Calls <c>rabbitmqctl</c>.</summary>
    internal async Task<string> ControlAsync(params string[] arguments)
    {
        using var process = Start(Path.Combine(Programs, "rabbitmqctl"), arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? said
            : throw new InvalidOperationException($"rabbitmqctl {string.Join(' ', arguments)}: {said}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAtOnceAsync();
        }

        _names.Kill();
        await _names.WaitForExitAsync();
        _process?.Dispose();
        _names.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private Dictionary<string, string> EnvironmentOf(int nodePort, int namesPort, int controlPort) =>
        new()
        {
            ["HOME"] = _folder.FullName,
            ["ERL_EPMD_PORT"] = $"{namesPort}",
            ["RABBITMQ_NODENAME"] = "broker@localhost",
            ["RABBITMQ_DIST_PORT"] = $"{nodePort}",
            ["RABBITMQ_MNESIA_BASE"] = _folder.At("data"),
            ["RABBITMQ_LOG_BASE"] = _folder.At("log"),
            ["RABBITMQ_PID_FILE"] = _folder.At("pid"),
            ["RABBITMQ_FEATURE_FLAGS_FILE"] = _folder.At("features"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = _folder.At("plugins"),
            ["RABBITMQ_CONFIG_FILE"] = _folder.At("broker.conf"),
            // Nothing of what the machine's own broker is told.
            ["RABBITMQ_CONFIG_FILES"] = _folder.At("none"),
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = _folder.At("none.config"),
            ["RABBITMQ_CONF_ENV_FILE"] = _folder.At("none"),
            // Its script then becomes the program, so that a kill meets it.
            ["RUNNING_UNDER_SYSTEMD"] = "1",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 -kernel inet_dist_use_interface {127,0,0,1}",
            ["RABBITMQ_CTL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            ["RABBITMQ_CTL_DIST_PORT_MIN"] = $"{controlPort}",
            ["RABBITMQ_CTL_DIST_PORT_MAX"] = $"{controlPort}",
        };

    private string Configuration() =>
        $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            listeners.ssl.1 = 127.0.0.1:{TlsPort}
            listeners.ssl.2 = 127.0.0.2:{TlsPort}
            ssl_options.cacertfile = {AuthorityFile}
            ssl_options.certfile = {_folder.At("certificate.pem")}
            ssl_options.keyfile = {_folder.At("key.pem")}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {ManagementPort}
            management.ssl.ip = 127.0.0.1
            management.ssl.port = {TlsManagementPort}
            management.ssl.cacertfile = {AuthorityFile}
            management.ssl.certfile = {_folder.At("certificate.pem")}
            management.ssl.keyfile = {_folder.At("key.pem")}
            default_user = {Administrator}
            default_pass = {Password}
            disk_free_limit.absolute = 1MB
            vm_memory_high_watermark.absolute = 1GB
            log.file = false
            log.console = true
            log.console.level = error

            """;

    private void WriteCertificates()
    {
        using var authority = Authority("authority.pem");
        using var other = Authority("other.pem");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false)
        );
        using var certificate = request.Create(
            authority,
            new DateTimeOffset(authority.NotBefore),
            new DateTimeOffset(authority.NotAfter),
            [1, 2, 3, 4]
        );
        File.WriteAllText(_folder.At("certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.At("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private X509Certificate2 Authority(string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Authority of {file}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File.WriteAllText(_folder.At(file), certificate.ExportCertificatePem());
        return certificate;
    }

    /// <summary>All held at once, so that no two are the same.</summary>
    private static int[] FreePorts(int count)
    {
        var held = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        held.ForEach(one => one.Start());
        var ports = held.Select(one => ((IPEndPoint)one.LocalEndpoint).Port).ToArray();
        held.ForEach(one => one.Dispose());
        return ports;
    }
}
