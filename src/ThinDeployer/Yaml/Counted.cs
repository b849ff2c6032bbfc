using System.Globalization;

namespace ThinDeployer.Yaml;

/// <summary>A number of things, in words: <c>1 service</c>, <c>2 services</c>.</summary>
internal static class Counted
{
    internal static string Of(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
