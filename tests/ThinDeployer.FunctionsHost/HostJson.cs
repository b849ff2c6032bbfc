using Microsoft.Extensions.Configuration;

namespace ThinDeployer.FunctionsHost;

/// <summary>What the app's <c>host.json</c> says to the host.</summary>
/// <param name="RoutePrefix">Before every route; may be empty.</param>
/// <param name="Logging">The section <c>logging</c>.</param>
internal sealed record HostJson(string RoutePrefix, IConfiguration Logging)
{
    /// <summary>Where <c>host.json</c> says nothing.</summary>
    private const string DefaultPrefix = "api";

    /// <summary>Variables that begin with it stand in for keys of the file.</summary>
    private const string VariablePrefix = "AzureFunctionsJobHost__";

    internal static HostJson Read(string folder)
    {
        var file = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(folder, "host.json"), optional: false)
            .AddEnvironmentVariables(VariablePrefix)
            .Build();
        return new HostJson(file["extensions:http:routePrefix"] ?? DefaultPrefix, file.GetSection("logging"));
    }
}
