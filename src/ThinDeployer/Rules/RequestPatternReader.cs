using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>Reads a service's <c>request_regexp</c>.</summary>
internal static class RequestPatternReader
{
    /// <summary>Null where it is absent or empty: every request matches.</summary>
    internal static RequestPattern? Read(MapReader service) =>
        PatternReader.Read(service, "request_regexp", RequestPattern.Parse, pattern => pattern.Backtracks);
}
