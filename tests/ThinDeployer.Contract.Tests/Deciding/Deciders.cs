using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deciding;

/// <summary>A service whose tokens have names, and what their holders ask for.</summary>
internal static class Deciders
{
    internal const string Alice = "alices-token-of-these-tests";
    internal const string Bob = "bobs-token-of-these-tests";

    /// <summary>The token of <see cref="ServiceYaml"/> is that of <c>ci</c>.</summary>
    internal static string Service(string name, string more, params string[] commands) =>
        ServiceYaml.Bare(
            name,
            $"token: {{ci: {ServiceYaml.Token}, alice: {Alice}, bob: {Bob}}}, pwd: site, {more}",
            commands
        );

    /// <param name="server">Is asked.</param>
    /// <param name="path">Such as <c>/deployments/ID/approve</c>.</param>
    /// <param name="token">Whose.</param>
    /// <param name="arguments">Of the form.</param>
    internal static Task<Answer> AskAsync(
        this RunningServer server,
        string path,
        string token,
        params (string Name, string Value)[] arguments
    ) =>
        server.SendAsync(
            HttpMethod.Post,
            path,
            new FormUrlEncodedContent(arguments.Select(one => KeyValuePair.Create(one.Name, one.Value))),
            ("X-Auth-Token", token)
        );

    internal static Task<Answer> ApproveAsync(
        this RunningServer server,
        string id,
        string token,
        params (string Name, string Value)[] arguments
    ) => server.AskAsync($"/deployments/{id}/approve", token, arguments);

    /// <summary>The id of one that waits.</summary>
    internal static async Task<string> WaitsAsync(this RunningServer server, string serviceAndQuery)
    {
        var answer = await server.DeployAsync(serviceAndQuery);
        Assert.Equal((202, "waiting"), (answer.Status, answer.Json.GetProperty("status").GetString()));
        return answer.Json.GetProperty("id").GetString()!;
    }

    internal static async Task<string> StatusAsync(this RunningServer server, string id) =>
        (await server.AskAsync($"/deployments/{id}")).Json.GetProperty("status").GetString()!;
}
