using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>What anyone may see: the greeting, the probes, and that there is nothing else.</summary>
public abstract class HelloContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected override string Configuration => ServiceYaml.Of("site", "true");

    [Fact]
    public async Task The_root_answers_pong()
    {
        var answer = await Server.GetAsync("/");

        Assert.Equal(200, answer.Status);
        Assert.Equal("{\"message\": \"pong\"}", answer.Text);
        Assert.Equal("Thin Deployer", answer.Header("X-Service-Name"));
        Assert.Equal("pong", answer.Message);
    }

    [Theory]
    [InlineData("/technical/live")]
    [InlineData("/technical/ready")]
    public async Task A_probe_of_a_server_that_works_is_answered_without_a_body(string path)
    {
        var answer = await Server.GetAsync(path);

        Assert.Equal(204, answer.Status);
        Assert.Empty(answer.Bytes);
    }

    [Theory]
    [InlineData("/nothing-here")]
    [InlineData("/deploy")]
    [InlineData("/deploy/")]
    [InlineData("/deploy/site/more")]
    [InlineData("/deploy/site/?token=" + ServiceYaml.Token)]
    [InlineData("/DEPLOY/site?token=" + ServiceYaml.Token)]
    [InlineData("/Deployments?token=" + ServiceYaml.Token)]
    [InlineData("/technical/Live")]
    [InlineData("/technical//live")]
    [InlineData("/technical")]
    public async Task A_path_that_does_not_exist_is_answered_as_not_found(string path)
    {
        var answer = await Server.GetAsync(path);

        Assert.Equal(404, answer.Status);
        Assert.NotEmpty(answer.Message);
    }

    [Theory]
    [InlineData("POST", "/", "GET")]
    [InlineData("PUT", "/deploy/site", "GET, POST")]
    [InlineData("DELETE", "/deploy/site", "GET, POST")]
    [InlineData("POST", "/technical/healthcheck", "GET")]
    [InlineData("DELETE", "/technical/live", "GET")]
    [InlineData("PATCH", "/technical/ready", "GET")]
    public async Task A_method_that_a_path_does_not_know_is_answered_with_those_that_it_knows(
        string method,
        string path,
        string allowed
    )
    {
        var answer = await Server.SendAsync(new HttpMethod(method), path, content: null);

        Assert.Equal(405, answer.Status);
        Assert.Equal(allowed, answer.Header("Allow"));
        Assert.NotEmpty(answer.Message);
    }

    [Theory]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/nothing-here", 404)]
    [InlineData("DELETE", "/", 405)]
    [InlineData("GET", "/deploy/unknown", 404)]
    [InlineData("GET", "/deploy/site", 403)]
    [InlineData("GET", "/deploy/site?token=" + ServiceYaml.Token, 202)]
    [InlineData("GET", "/deploy/site?v=%FF&token=" + ServiceYaml.Token, 400)]
    [InlineData("GET", "/technical/healthcheck", 401)]
    [InlineData("GET", "/technical/live", 204)]
    [InlineData("GET", "/technical/ready", 204)]
    public async Task No_answer_may_be_kept_by_a_cache(string method, string target, int status)
    {
        var answer = await Server.SendRawAsync(RawRequest.Head(method, target));

        Assert.Equal(status, answer.Status);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }
}
