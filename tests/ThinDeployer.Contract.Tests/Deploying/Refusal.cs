using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>The answer to whoever is not admitted.</summary>
internal static class Refusal
{
    private const string Sentence =
        "Invalid auth token, please verify the X-Auth-Token header value or \"token\" query parameter";

    internal static void AssertOf(Answer answer, string service)
    {
        Assert.Equal(403, answer.Status);
        Assert.Equal(Sentence, answer.Message);
        Assert.Equal(service, answer.Json.GetProperty("serviceName").GetString());
    }
}
