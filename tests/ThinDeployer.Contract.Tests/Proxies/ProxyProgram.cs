using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Proxies;

/// <summary>A reverse proxy as docs/proxies.md shows it, in a folder of its own.</summary>
/// <param name="Language">Of its block in the document.</param>
/// <param name="File">Full path of the program.</param>
/// <param name="Package">Debian's, which has it.</param>
/// <param name="Around">Makes a configuration of the block for other addresses, and with a certificate of these tests.</param>
/// <param name="Switches">By the path of the configuration.</param>
internal sealed record ProxyProgram(
    string Language,
    string File,
    string Package,
    Func<string, ProxyPlace, string> Around,
    Func<string, IReadOnlyList<string>> Switches
)
{
    private const string DocumentedServer = "127.0.0.1:8012";
    private const string DocumentedNetwork = "10.0.0.0/8";
    private const string DocumentedCertificate = "/etc/letsencrypt/live/deploy.example.org/fullchain.pem";
    private const string DocumentedKey = "/etc/letsencrypt/live/deploy.example.org/privkey.pem";

    internal static IReadOnlyDictionary<string, ProxyProgram> All { get; } =
        new Dictionary<string, ProxyProgram>
        {
            ["nginx"] = Nginx,
            // As one is that was set up without these lines.
            ["nginx, HTTP/1.0"] = Nginx with
            {
                Around = (block, place) =>
                    Nginx.Around(
                        block
                            .Replace("proxy_http_version 1.1;", "", StringComparison.Ordinal)
                            .Replace("proxy_set_header Connection \"\";", "", StringComparison.Ordinal),
                        place
                    ),
            },
            ["caddy"] = new(
                "caddyfile",
                "/usr/bin/caddy",
                "caddy",
                (block, place) =>
                    "{\nadmin off\nauto_https off\ndefault_bind 127.0.0.1\n}\n"
                    + Replace(block, "deploy.example.org {", "(documented) {")
                    + $"http://{place.Plain} {{\nimport documented\n}}\n"
                    // It gets none for an address by itself.
                    + $"https://{place.Tls} {{\ntls {place.Certificate} {place.Key}\nimport documented\n}}\n",
                file => ["run", "--adapter", "caddyfile", "--config", file]
            ),
            ["apache"] = new(
                "apache",
                "/usr/sbin/apache2",
                "apache2",
                (block, place) =>
                    $"""
                        ServerRoot {place.Folder}
                        ServerName localhost
                        DefaultRuntimeDir {place.Folder}
                        PidFile {place.Folder}/apache.pid
                        ErrorLog /dev/stderr
                        Mutex pthread
                        LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
                        LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
                        LoadModule authz_host_module /usr/lib/apache2/modules/mod_authz_host.so
                        LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
                        LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
                        LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
                        <IfModule unixd_module>
                        User nobody
                        Group nogroup
                        </IfModule>
                        Listen {place.Plain}
                        Listen {place.Tls}
                        {Replace(Replace(block, "*:443", place.Plain), "SSLEngine on", "SSLEngine off")}
                        {Replace(block, "*:443", place.Tls)}
                        """,
                file => ["-D", "FOREGROUND", "-f", file]
            ),
            ["haproxy"] = new(
                "haproxy",
                "/usr/sbin/haproxy",
                "haproxy",
                (block, place) =>
                    Replace(
                        block,
                        "bind :443 ssl crt /etc/haproxy/deploy.pem",
                        $"bind {place.Plain}\n    bind {place.Tls} ssl crt {place.Certificate}"
                    ),
                file => ["-db", "-f", file]
            ),
        };

    private static ProxyProgram Nginx =>
        new(
            "nginx",
            "/usr/sbin/nginx",
            "nginx-light",
            (block, place) =>
                $$"""
                    daemon off;
                    master_process off;
                    pid {{place.Folder}}/nginx.pid;
                    error_log stderr;
                    events {}
                    http {
                        access_log off;
                        client_body_temp_path {{place.Folder}}/body;
                        proxy_temp_path {{place.Folder}}/proxy;
                        fastcgi_temp_path {{place.Folder}}/fastcgi;
                        uwsgi_temp_path {{place.Folder}}/uwsgi;
                        scgi_temp_path {{place.Folder}}/scgi;
                        {{Replace(block, "listen 443 ssl;", $"listen {place.Plain}; listen {place.Tls} ssl;")}}
                    }
                    """,
            file => ["-e", "stderr", "-c", file]
        );

    /// <summary>The block with the addresses and files of a test, where the document has those of a machine.</summary>
    internal string Configuration(string block, ProxyPlace place)
    {
        var own = Replace(Replace(block, DocumentedServer, place.Server), DocumentedNetwork, "127.0.0.1/32");
        return Around(
            own.Replace(DocumentedCertificate, place.Certificate, StringComparison.Ordinal)
                .Replace(DocumentedKey, place.Key, StringComparison.Ordinal),
            place
        );
    }

    internal IHostProgram Start(string configuration) => new Started(File, Switches(configuration));

    /// <summary>As <see cref="string.Replace(string, string)"/>, and fails where the document has another text.</summary>
    private static string Replace(string text, string old, string with)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, with, StringComparison.Ordinal);
    }

    private sealed record Started(string Path, IReadOnlyList<string> Arguments) : IHostProgram
    {
        public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();
    }
}
