using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>A service's <c>when</c> decides by the whole request whether there is anything to do.</summary>
public abstract class WhenContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Json = "Content-Type: application/json";
    private const string Form = "Content-Type: application/x-www-form-urlencoded";

    protected override string Configuration =>
        ServiceYaml.With(
            "push",
            "when: {all: [{header: X-GitHub-Event, equals: push}, {json: ref, equals: refs/heads/main}, {changed: [src/**]}]}",
            "true"
        )
        + ServiceYaml.With("not-main", "when: {not: {json: ref, equals: refs/heads/main}}", "true")
        + ServiceYaml.With("several", "when: {json: 'changes[*].name', equals: main}", "true")
        + ServiceYaml.With("query", "when: {query: stage, in: [one, two]}", "true")
        + ServiceYaml.With("here", "when: {address: 127.0.0.0/8}", "true")
        + ServiceYaml.With("elsewhere", "when: {address: [192.0.2.0/24, '2001:db8::/32']}", "true")
        + ServiceYaml.With("both", "request_regexp: main, when: {header: X-A, exists: true}", "true")
        + ServiceYaml.With("variable", "variables: {v: {json: v, default: x}}", "true");

    [Theory]
    [InlineData("push", Push, Json, 202)]
    [InlineData("several", """{"changes": [{"name": "develop"}, {"name": "main"}]}""", Json, 202)]
    [InlineData("several", """{"changes": [{"name": "develop"}]}""", Json, 200)]
    [InlineData("push", "payload=" + Push, Form, 202)]
    [InlineData("push", """{"ref": "refs/heads/main", "commits": [{"added": ["docs/a"]}]}""", Json, 200)]
    [InlineData("push", """{"ref": "refs/heads/other", "commits": [{"added": ["src/a"]}]}""", Json, 200)]
    [InlineData("push", Push, "Content-Type: text/plain", 200)]
    [InlineData("push", """{"ref": "refs/heads/main", """, Json, 400)]
    [InlineData("push", """{"ref": "refs/heads/main", "ref": "refs/heads/main"}""", Json, 400)]
    [InlineData("push", "payload=1&payload=1", Form, 400)]
    [InlineData("not-main", Push, Json, 200)]
    [InlineData("not-main", """{"ref": ["refs/heads/main"]}""", Json, 202)]
    [InlineData("not-main", "{}", Json, 202)]
    [InlineData("query?stage=two", "", "X-A: a", 202)]
    [InlineData("query?stage=two&stage=two", "", "X-A: a", 200)]
    [InlineData("query", "stage=two", Form, 200)]
    [InlineData("here", "{", Json, 202)]
    [InlineData("elsewhere", "", "X-A: a", 200)]
    [InlineData("both", "main", "X-A: a", 202)]
    [InlineData("both", "other", "X-A: a", 200)]
    [InlineData("both", "main", "X-B: a", 200)]
    [InlineData("variable", "{", Json, 400)]
    public async Task A_request_deploys_or_does_not(string serviceAndQuery, string body, string header, int status)
    {
        var answer = await Server.SendRawAsync(
            RawRequest.Post(
                $"/deploy/{serviceAndQuery}",
                body,
                header,
                "X-GitHub-Event: push",
                $"X-Auth-Token: {ServiceYaml.Token}"
            )
        );

        Assert.Equal(status, answer.Status);
    }

    private const string Push = """{"ref": "refs/heads/main", "commits": [{"added": ["src/a"]}]}""";
}
