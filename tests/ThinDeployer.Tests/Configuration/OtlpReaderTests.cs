using ThinDeployer.Configuration;

namespace ThinDeployer.Tests.Configuration;

public sealed class OtlpReaderTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Headers = "OTEL_EXPORTER_OTLP_HEADERS";

    private static readonly (string, string) Somewhere = (Endpoint, "http://127.0.0.1:4318");

    [Theory]
    [InlineData("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces")]
    [InlineData("http://127.0.0.1:4318/", "http://127.0.0.1:4318/v1/traces")]
    [InlineData(" https://example.com/otlp/ ", "https://example.com/otlp/v1/traces")]
    public void The_path_of_what_is_sent_is_put_behind_the_address(string endpoint, string traces)
    {
        var settings = Read((Endpoint, endpoint));

        Assert.Equal(traces, settings.Traces?.AbsoluteUri);
        Assert.Equal(traces.Replace("traces", "metrics", StringComparison.Ordinal), settings.Metrics?.AbsoluteUri);
        Assert.Empty(settings.Warnings);
    }

    [Fact]
    public void An_address_for_one_kind_is_taken_as_it_is()
    {
        var settings = Read(("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:1/mine"));

        Assert.Equal("http://127.0.0.1:1/mine", settings.Traces?.AbsoluteUri);
        Assert.Null(settings.Metrics);
    }

    [Fact]
    public void Without_an_address_nothing_is_sent_whatever_else_is_set()
    {
        var settings = Read(("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), (Headers, "broken"), (Endpoint, " "));

        Assert.False(settings.IsOn);
        Assert.Empty(settings.Warnings);
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "True", false, false)]
    [InlineData("OTEL_SDK_DISABLED", "false", true, true)]
    [InlineData("OTEL_TRACES_EXPORTER", "none", false, true)]
    [InlineData("OTEL_METRICS_EXPORTER", "none", true, false)]
    [InlineData("OTEL_METRICS_EXPORTER", "console, otlp", true, true)]
    public void What_is_not_wanted_is_not_sent(string name, string value, bool traces, bool metrics)
    {
        var settings = Read(Somewhere, (name, value));

        Assert.Equal((traces, metrics), (settings.Traces is not null, settings.Metrics is not null));
        Assert.Empty(settings.Warnings);
    }

    [Theory]
    [InlineData(Endpoint, "127.0.0.1:4318")]
    [InlineData(Endpoint, "ftp://example.com")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "0")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "10s")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "-1")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "99999999999999999999")]
    [InlineData("OTEL_SDK_DISABLED", "yes")]
    [InlineData("OTEL_TRACES_EXPORTER", "zipkin")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES", "zone")]
    public void What_is_wrong_is_one_warning_that_names_it(string name, string value)
    {
        var settings = Read(Somewhere, (name, value));

        Assert.StartsWith(name, Assert.Single(settings.Warnings), StringComparison.Ordinal);
        Assert.Equal(OtlpReader.DefaultTimeout, settings.Timeout);
        Assert.Equal(OtlpReader.DefaultInterval, settings.MetricInterval);
    }

    [Fact]
    public void Headers_and_attributes_are_percent_encoded_lists()
    {
        var settings = Read(
            Somewhere,
            (Headers, "Authorization=Bearer%20a%3Db, X-Two = 2 ,"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=theirs,zone=a%2Cb=c"),
            ("OTEL_SERVICE_NAME", "ours")
        );

        Assert.Equal([new("Authorization", "Bearer a=b"), new("X-Two", "2")], settings.Headers);
        Assert.Equal([new("service.name", "ours"), new("zone", "a,b=c")], settings.Resource);
        Assert.Empty(settings.Warnings);
    }

    [Theory]
    [InlineData("the-secret-key")]
    [InlineData("=the-secret-key")]
    [InlineData("X-Key=the-secret-key%0D%0AX-Other:%20yes")]
    [InlineData("X%20Key=the-secret-key")]
    [InlineData("Content-Length=the-secret-key")]
    [InlineData("transfer-encoding=the-secret-key")]
    [InlineData("X-Key=the-secret-key\u00e4")]
    public void A_wrong_header_is_left_out_and_the_warning_does_not_tell_it(string headers)
    {
        var settings = Read(Somewhere, (Headers, headers));

        Assert.Empty(settings.Headers);
        Assert.DoesNotContain("the-secret-key", Assert.Single(settings.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_values_of_headers_are_secrets_of_the_server()
    {
        var settings = ServerSettings.Read(
            switchOf: null,
            name =>
                name == Headers ? "X-Key=a%20long%20secret,X-Short=short"
                : name == Endpoint ? Somewhere.Item2
                : null,
            serves: false
        );

        var shown = settings.Configuration.ServerSecrets;

        Assert.Contains(shown, secret => secret.Matches("a long secret"u8));
        Assert.Contains(shown, secret => secret.Matches("a%20long%20secret"u8));
        Assert.DoesNotContain(shown, secret => secret.Matches("short"u8));
    }

    private static OtlpSettings Read(params (string Name, string Value)[] variables) =>
        OtlpReader.Read(name => variables.Where(one => one.Name == name).Select(one => one.Value).LastOrDefault());
}
