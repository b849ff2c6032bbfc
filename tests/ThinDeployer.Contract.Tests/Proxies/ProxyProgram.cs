using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Proxies;

/// <summary>A reverse proxy as docs/security.md shows it, in a folder of its own.</summary>
/// <param name="Language">Of its block in the document.</param>
/// <param name="File">Full path of the program.</param>
/// <param name="Package">Debian's, which has it.</param>
/// <param name="Around">Makes a whole configuration of the block, a folder, and the address to listen on.</param>
/// <param name="Switches">By the path of the configuration.</param>
internal sealed record ProxyProgram(
    string Language,
    string File,
    string Package,
    Func<string, string, string, string> Around,
    Func<string, IReadOnlyList<string>> Switches
)
{
    internal static IReadOnlyDictionary<string, ProxyProgram> All { get; } =
        new Dictionary<string, ProxyProgram>
        {
            ["nginx"] = Nginx,
            // As one is that was set up without these lines.
            ["nginx, HTTP/1.0"] = Nginx with
            {
                Around = (block, folder, listen) =>
                    Nginx.Around(
                        block
                            .Replace("proxy_http_version 1.1;", "", StringComparison.Ordinal)
                            .Replace("proxy_set_header Connection \"\";", "", StringComparison.Ordinal),
                        folder,
                        listen
                    ),
            },
            ["caddy"] = new(
                "caddyfile",
                "/usr/bin/caddy",
                "caddy",
                (block, _, listen) =>
                    $"{{\nadmin off\nauto_https off\ndefault_bind 127.0.0.1\n}}\n"
                    + block.Replace("deploy.example.org", $"http://{listen}", StringComparison.Ordinal),
                file => ["run", "--adapter", "caddyfile", "--config", file]
            ),
            ["apache"] = new(
                "apache",
                "/usr/sbin/apache2",
                "apache2",
                (block, folder, listen) =>
                    $"""
                        ServerRoot {folder}
                        ServerName localhost
                        DefaultRuntimeDir {folder}
                        PidFile {folder}/apache.pid
                        ErrorLog /dev/stderr
                        Mutex pthread
                        LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
                        LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
                        LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
                        LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
                        <IfModule unixd_module>
                        User nobody
                        Group nogroup
                        </IfModule>
                        Listen {listen}
                        {block}
                        """,
                file => ["-D", "FOREGROUND", "-f", file]
            ),
            ["haproxy"] = new(
                "haproxy",
                "/usr/sbin/haproxy",
                "haproxy",
                (block, _, listen) =>
                    block.Replace(
                        "bind :443 ssl crt /etc/haproxy/deploy.pem",
                        $"bind {listen}",
                        StringComparison.Ordinal
                    ),
                file => ["-db", "-f", file]
            ),
        };

    private static ProxyProgram Nginx =>
        new(
            "nginx",
            "/usr/sbin/nginx",
            "nginx-light",
            (block, folder, listen) =>
                $$"""
                    daemon off;
                    master_process off;
                    pid {{folder}}/nginx.pid;
                    error_log stderr;
                    events {}
                    http {
                        access_log off;
                        client_body_temp_path {{folder}}/body;
                        proxy_temp_path {{folder}}/proxy;
                        fastcgi_temp_path {{folder}}/fastcgi;
                        uwsgi_temp_path {{folder}}/uwsgi;
                        scgi_temp_path {{folder}}/scgi;
                        server {
                            listen {{listen}};
                            {{block}}
                        }
                    }
                    """,
            file => ["-e", "stderr", "-c", file]
        );

    internal IHostProgram Start(string configuration) => new Started(File, Switches(configuration));

    private sealed record Started(string Path, IReadOnlyList<string> Arguments) : IHostProgram
    {
        public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();
    }
}
