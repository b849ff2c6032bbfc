using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Reloading;

/// <summary>How it is seen from outside that another configuration counts now.</summary>
internal static class Reloaded
{
    internal const string NewToken = "the-new-token-of-these-tests";

    private const string HealthToken = "the-health-token-of-these-tests";

    internal static readonly Dictionary<string, string> WithHealth = new() { ["HC_TOKEN"] = HealthToken };

    internal static string Service(string token, string command) =>
        ServiceYaml.Bare("site", $"token: {token}, pwd: site, max_queued: 1000", command);

    internal static Task<Answer> DeployAsync(RunningServer server, string token, string service = "site") =>
        server.SendAsync(HttpMethod.Post, $"/deploy/{service}", content: null, ("X-Auth-Token", token));

    internal static Task EventuallyAsync(RunningServer server, string token, int status, string service = "site") =>
        Eventually.IsTrueAsync(
            async () => (await DeployAsync(server, token, service)).Status,
            status,
            $"the answer for {service}"
        );

    /// <param name="server">Whose.</param>
    /// <param name="expected">Part of the mistakes; null for a health check without them.</param>
    internal static Task HealthAsync(RunningServer server, string? expected) =>
        Eventually.IsTrueAsync(
            async () =>
            {
                var answer = await server.GetAsync("/technical/healthcheck", ("X-Auth-Token", HealthToken));
                var configuration = answer
                    .Json.GetProperty("results")
                    .EnumerateArray()
                    .Where(result => result.GetProperty("checker").GetString() == "configuration")
                    .Select(result => result.GetProperty("output").GetString())
                    .SingleOrDefault();
                return (
                    expected is null
                        ? configuration is null
                        : configuration?.Contains(expected, StringComparison.Ordinal) == true
                )
                    ? 1
                    : 0;
            },
            1,
            $"the health check tells of {expected ?? "no mistake"}"
        );
}
