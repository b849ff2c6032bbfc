using System.Buffers;
using System.Globalization;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>Reads the variables of OpenTelemetry. What is empty counts as not set.</summary>
/// <param name="variable">The value of an environment variable, or null.</param>
internal sealed class OtlpReader(Func<string, string?> variable)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private const string Protocol = Prefix + "PROTOCOL";
    private const string HeaderList = Prefix + "HEADERS";
    private const string ResourceList = "OTEL_RESOURCE_ATTRIBUTES";
    private const string ServiceName = "service.name";

    internal static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan DefaultBatchTime = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Of a header's name (RFC 9110, section 5.6.2).</summary>
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>What says how a body travels is decided by who sends it.</summary>
    private static readonly string[] OfConnection = ["Connection", "Transfer-Encoding", "Expect", "Upgrade"];

    private readonly List<string> _warnings = [];

    /// <summary>Values of headers.</summary>
    private readonly List<string> _secrets = [];

    internal static OtlpSettings Read(Func<string, string?> variable) => new OtlpReader(variable).Read();

    private OtlpSettings Read()
    {
        if (IsDisabled())
        {
            return new OtlpSettings { Warnings = _warnings };
        }

        var (traces, metrics) = (Target("TRACES"), Target("METRICS"));
        if (traces is null && metrics is null)
        {
            return new OtlpSettings { Warnings = _warnings };
        }

        WarnOfProtocol();
        return new OtlpSettings
        {
            Traces = traces,
            Metrics = metrics,
            Headers = Headers(),
            Secrets = [.. _secrets.Distinct(StringComparer.Ordinal).Select(text => new Secret(text))],
            Timeout = Milliseconds(Prefix + "TIMEOUT", DefaultTimeout),
            BatchTime = Milliseconds("OTEL_BSP_SCHEDULE_DELAY", DefaultBatchTime),
            MetricInterval = Milliseconds("OTEL_METRIC_EXPORT_INTERVAL", DefaultInterval),
            Resource = Resource(),
            Warnings = _warnings,
        };
    }

    private string? Of(string name) => variable(name)?.Trim() is { Length: > 0 } text ? text : null;

    private bool IsDisabled()
    {
        const string name = "OTEL_SDK_DISABLED";
        var text = Of(name);
        if (text is not null && !bool.TryParse(text, out _))
        {
            _warnings.Add($"{name} must be true or false, so it has no effect");
        }

        return bool.TryParse(text, out var isDisabled) && isDisabled;
    }

    /// <summary>Null where nothing of the kind is sent.</summary>
    private Uri? Target(string signal) =>
        Address($"{Prefix}{signal}_ENDPOINT", path: null) is var own
        && (own ?? Address($"{Prefix}ENDPOINT", $"v1/{signal.ToLowerInvariant()}")) is { } target
        && IsWanted($"OTEL_{signal}_EXPORTER")
            ? target
            : null;

    /// <param name="path">What is put behind it; null for an address that is taken as it is.</param>
    private Uri? Address(string name, string? path)
    {
        if (Of(name) is not { } text)
        {
            return null;
        }

        if (!HttpAddress.TryParse(text, out var address))
        {
            Warn($"{name} must be an address that begins with http:// or https://, so it has no effect");
            return null;
        }

        return path is null
            ? address
            : new UriBuilder(address) { Path = $"{address.AbsolutePath.TrimEnd('/')}/{path}" }.Uri;
    }

    private bool IsWanted(string name)
    {
        var kinds = Of(name)?.Split(',', StringSplitOptions.TrimEntries) ?? ["otlp"];
        if (kinds is not ["none"] && !kinds.Contains("otlp", StringComparer.Ordinal))
        {
            Warn($"{name} must be otlp or none; nothing of the kind is sent");
        }

        return kinds.Contains("otlp", StringComparer.Ordinal);
    }

    private void WarnOfProtocol()
    {
        if (Of(Protocol) is { } protocol and not "http/json")
        {
            _warnings.Add(
                $"{Protocol}: {Quote.Of(protocol)} is not spoken, http/json is sent; a collector takes it where its receiver otlp has "
                    + "the protocol http, most often on port 4318"
            );
        }
    }

    private List<KeyValuePair<string, string>> Headers()
    {
        var headers = Pairs(HeaderList);
        var right = headers.Where(header => IsHeader(header.Key, header.Value)).ToList();
        if (right.Count < headers.Count)
        {
            _warnings.Add($"{HeaderList} has a header that can't be sent, which is left out");
        }

        return right;
    }

    private static bool IsHeader(string name, string value) =>
        !name.AsSpan().ContainsAnyExcept(NameCharacters)
        && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
        && !OfConnection.Contains(name, StringComparer.OrdinalIgnoreCase)
        && value.All(character => character is '\t' or (>= ' ' and <= '~'));

    /// <summary>The last of each name counts.</summary>
    private List<KeyValuePair<string, string>> Resource()
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal) { [ServiceName] = "thin-deployer" };
        foreach (var (name, value) in Pairs(ResourceList))
        {
            pairs[name] = value;
        }

        if (Of("OTEL_SERVICE_NAME") is { } own)
        {
            pairs[ServiceName] = own;
        }

        return [.. pairs];
    }

    /// <summary>As W3C Baggage writes them, without properties: <c>name=value,…</c>, percent-encoded.</summary>
    private List<KeyValuePair<string, string>> Pairs(string variableName)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        var items = Of(variableName)
            ?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var item in items ?? [])
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                // Its text may be a secret.
                Warn($"{variableName} must be a list such as name=value,other=value; what is not so is left out");
                continue;
            }

            var (written, value) = (item[(equals + 1)..].Trim(), Decoded(item[(equals + 1)..]));
            pairs.Add(new(Decoded(item[..equals]), value));
            if (variableName == HeaderList && !value.Any(char.IsControl))
            {
                // Of "Bearer abc", "abc" alone, too. What is shorter can't be masked, and most often is no secret.
                string[] forms = [written, value, value[(value.LastIndexOf(' ') + 1)..]];
                _secrets.AddRange(forms.Where(text => text.Length >= SecretMask.Shortest));
            }
        }

        return pairs;

        static string Decoded(string text) => Uri.UnescapeDataString(text.Trim());
    }

    private TimeSpan Milliseconds(string name, TimeSpan byDefault)
    {
        if (Of(name) is not { } text)
        {
            return byDefault;
        }

        if (
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds > 0
            && milliseconds <= (long)Longest.TotalMilliseconds
        )
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        Warn($"{name} must be milliseconds from 1 to 3600000, so {(long)byDefault.TotalMilliseconds} counts");
        return byDefault;
    }

    private void Warn(string sentence)
    {
        if (!_warnings.Contains(sentence, StringComparer.Ordinal))
        {
            _warnings.Add(sentence);
        }
    }
}
