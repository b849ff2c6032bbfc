using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Paging;

/// <summary>A session of the page, as a browser has it, but without the browser.</summary>
/// <param name="Cookie">Name and value.</param>
internal sealed partial record PageSession(RunningServer Server, (string Name, string Value) Cookie)
{
    internal const string AdminToken = "the-admin-token-of-these-tests";
    internal const string ViewerToken = "the-viewer-token-of-these-tests";

    /// <summary>Of a server where all who can may sign in.</summary>
    internal static IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>
        {
            ["THIN_DEPLOYER_ADMIN_TOKEN"] = AdminToken,
            ["THIN_DEPLOYER_VIEWER_TOKEN"] = ViewerToken,
        };

    internal (string Name, string Value) CookieHeader => ("Cookie", $"{Cookie.Name}={Cookie.Value}");

    internal static async Task<PageSession> BeginAsync(RunningServer server, string token)
    {
        var answer = await SignInAsync(server, token);
        Assert.Equal((303, "/ui/"), (answer.Status, answer.Header("Location")));
        return new PageSession(server, CookieIn(answer));
    }

    /// <summary>Sends the form.</summary>
    internal static Task<Answer> SignInAsync(
        RunningServer server,
        string token,
        params (string Name, string Value)[] headers
    ) => server.SendAsync(HttpMethod.Post, "/ui/sign-in", Form(("token", token)), headers);

    internal static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    /// <summary>The first cookie that an answer gives.</summary>
    internal static (string Name, string Value) CookieIn(Answer answer)
    {
        var parts = answer.Header("Set-Cookie")!.Split(';')[0].Split('=', 2);
        return (parts[0], parts[1]);
    }

    /// <summary>As a browser asks for a page.</summary>
    internal Task<Answer> GetAsync(string path) => Server.GetAsync(path, CookieHeader, ("Accept", "text/html"));

    internal Task<Answer> PostAsync(string path, params (string Name, string Value)[] headers) =>
        Server.SendAsync(HttpMethod.Post, path, content: null, [CookieHeader, .. headers]);

    /// <summary>What a page of ours knows.</summary>
    internal async Task<string> AntiforgeryAsync() =>
        Antiforgery.Match((await GetAsync("/ui/")).Text).Groups["proof"].Value;

    [GeneratedRegex("data-antiforgery=\"(?<proof>[^\"]+)\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Antiforgery { get; }
}
