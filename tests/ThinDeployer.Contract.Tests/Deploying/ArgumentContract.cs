using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>What query and form must be, and the rules that every value keeps to.</summary>
public abstract class ArgumentContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const int Longest = 4 * 1024;
    private const string Right = $"X-Auth-Token: {ServiceYaml.Token}";
    private const string Form = "Content-Type: application/x-www-form-urlencoded";

    protected override string Configuration =>
        ServiceYaml.Of("shows", "echo ran >> shows.log", "printf '%s\\n' \"%value%\"");

    public static TheoryData<string> NoText =>
        ["value=%00", "value=a%FF", "value=%C0%AF", "value=%ED%A0%80", "ignored=%FE", "%FF=x", "value=%F4%90%80%80"];

    [Theory]
    [MemberData(nameof(NoText))]
    public async Task Bytes_that_are_no_text_are_refused_and_the_next_call_works(string encoded)
    {
        var query = await Server.SendRawAsync(RawRequest.Post($"/deploy/shows?{encoded}", "", Right));
        var form = await Server.SendRawAsync(RawRequest.Post("/deploy/shows", encoded, Right, Form));
        var next = await Server.DeployAsync("shows?value=fine");

        AssertRefused(query);
        AssertRefused(form);
        Assert.Equal(202, next.Status);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    [InlineData(0x80)]
    public async Task Bytes_that_are_no_text_are_refused_unencoded_too(byte value)
    {
        byte[] body = [.. "value="u8, value];
        using var form = new ByteArrayContent(body);
        form.Headers.ContentType = new("application/x-www-form-urlencoded");
        using var multipart = new MultipartFormDataContent { { new ByteArrayContent([value]), "value" } };

        AssertRefused(await Server.DeployAsync("shows", form));
        AssertRefused(await Server.DeployAsync("shows", multipart));
    }

    [Theory]
    [MemberData(nameof(NoText))]
    public async Task A_stranger_does_not_learn_that_it_is_no_text(string encoded)
    {
        Assert.Equal(403, (await Server.SendRawAsync(RawRequest.Get($"/deploy/shows?{encoded}"))).Status);
        Assert.Equal(403, (await Server.SendRawAsync(RawRequest.Post("/deploy/shows", encoded, Form))).Status);
    }

    [Fact]
    public async Task A_multipart_body_that_is_broken_is_refused()
    {
        var answer = await Server.SendRawAsync(
            RawRequest.Post("/deploy/shows", "--b\nno end", Right, "Content-Type: multipart/form-data; boundary=b")
        );

        AssertRefused(answer);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("-rf")]
    [InlineData("--upload-pack=x")]
    public async Task A_value_that_could_be_an_option_is_refused_by_name_and_nothing_runs(string value)
    {
        var before = Server.Workspace.ReadSite("shows.log");
        using var form = new FormUrlEncodedContent([new("value", value)]);

        AssertNames("value", await Server.DeployAsync($"shows?value={value}"));
        AssertNames("value", await Server.DeployAsync("shows", form));

        Assert.Equal(before, Server.Workspace.ReadSite("shows.log"));
    }

    [Fact]
    public async Task A_value_may_be_as_long_as_the_limit()
    {
        var longest = new string('x', Longest);

        var answer = await Server.DeployAsync($"shows?value={longest}");

        Assert.Equal(202, answer.Status);
        Assert.Equal([longest], answer.Printed);
    }

    [Theory]
    [InlineData("x", Longest + 1)]
    [InlineData("é", (Longest / 2) + 1)]
    public async Task A_longer_value_is_refused_by_name_and_nothing_runs(string character, int times)
    {
        var before = Server.Workspace.ReadSite("shows.log");
        using var form = new FormUrlEncodedContent([new("value", string.Concat(Enumerable.Repeat(character, times)))]);

        AssertNames("value", await Server.DeployAsync("shows", form));

        Assert.Equal(before, Server.Workspace.ReadSite("shows.log"));
    }

    [Theory]
    [InlineData("value=a&value=b", "")]
    [InlineData("value=a&value=a", "")]
    [InlineData("value=a", "value=b")]
    [InlineData("", "value=a&value=b")]
    [InlineData("value=-a&value=b", "")]
    public async Task An_argument_that_is_given_twice_is_no_value(string query, string form)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(form));
        body.Headers.ContentType = new("application/x-www-form-urlencoded");

        var answer = await Server.DeployAsync($"shows?{query}", body);

        Assert.Equal(202, answer.Status);
        Assert.Equal(["%value%"], answer.Printed);
    }

    [Fact]
    public async Task An_argument_that_no_command_names_is_passed_over()
    {
        var answer = await Server.DeployAsync($"shows?value=seen&other=-rf&more={new string('x', Longest + 1)}");

        Assert.Equal(202, answer.Status);
        Assert.Equal(["seen"], answer.Printed);
    }

    private static void AssertNames(string argument, Answer answer)
    {
        AssertRefused(answer);
        Assert.Contains($"\"{argument}\"", answer.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(Answer answer)
    {
        Assert.Equal(400, answer.Status);
        Assert.NotEmpty(answer.Message);
        Assert.Equal("shows", answer.Json.GetProperty("serviceName").GetString());
    }
}
