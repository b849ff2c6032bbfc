using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>Values of a request reach a command as values, never as code.</summary>
public abstract class PlaceholderContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    /// <summary>Shows what came at three places of a command; a value that became code prints <c>uid=</c>.</summary>
    private static readonly string[] Shows =
    [
        "printf '<%s>\\n' %v%",
        "printf '<%s>\\n' \"%v%\"",
        "printf '<%s>\\n' '%v%'",
        "sh -c 'printf \"<%s>\\n\" \"$1\"' sh %v%",
    ];

    protected override string Configuration =>
        ServiceYaml.Of("shows", Shows)
        + ServiceYaml.With("defaults", "vars: {v: by default, w: other}", "echo %v% '%w%'")
        + ServiceYaml.With("empty-default", "vars: {v: ''}", "printf '<%s>' a %v% z; echo")
        + ServiceYaml.With("default-is-code", "vars: {v: '$(id); id #'}", Shows)
        + ServiceYaml.Of("two", "echo %a% %b%")
        + ServiceYaml.Of("inside", "echo before%v%after \"before%v%after\" 'before%v%after'")
        + ServiceYaml.Of("date", "date +%Y%m%d")
        + ServiceYaml.Of("percent", "echo 100% %undeclared% %%")
        + ServiceYaml.Of("token", "echo %token%");

    public static TheoryData<string> Values =>
        [
            "plain",
            "two words  and blanks",
            "$(id)",
            "`id`",
            ";id #",
            "' ; id ; '",
            "\" ; id ; \"",
            "&& id",
            "| id",
            "\\",
            "\\' id",
            "a\\nb",
            "$HOME ${HOME} $((1+1))",
            "*",
            "~",
            "{a,b}",
            "!!",
            "\tid\t",
            "line one\nid\nline three",
            "%b%",
            "%v%",
            "%s%d%n",
            "żółw 🐢",
            "\u0001\u001b[31m",
            "=x",
            "#x",
        ];

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_arrives_as_it_is_from_every_place_of_a_request(string value)
    {
        var escaped = Uri.EscapeDataString(value);
        using var form = new FormUrlEncodedContent([new("v", value)]);
        using var multipart = new MultipartFormDataContent { { new StringContent(value), "v" } };

        AssertShows(value, await Server.DeployAsync($"shows?v={escaped}"));
        AssertShows(value, await Server.GetAsync($"/deploy/shows?v={escaped}&token={ServiceYaml.Token}"));
        AssertShows(value, await Server.DeployAsync("shows", form));
        AssertShows(value, await Server.DeployAsync("shows", multipart));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task The_output_shows_commands_as_written_and_not_with_values(string value)
    {
        var answer = await Server.DeployAsync($"shows?v={Uri.EscapeDataString(value)}");

        Assert.Equal(
            Shows.Select(command => $" > {command}"),
            answer.OutputLines.Where(line => line.StartsWith(" > ", StringComparison.Ordinal))
        );
        Assert.Equal(
            Shows,
            answer.Json.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("command").GetString())
        );
    }

    [Theory]
    [InlineData("defaults", "by default other")]
    [InlineData("defaults?v=mine", "mine other")]
    [InlineData("defaults?v=mine&w=yours", "mine yours")]
    [InlineData("defaults?v=a&v=b", "by default other")]
    public async Task A_default_stands_in_for_an_argument_that_is_not_given(string serviceAndQuery, string expected)
    {
        var answer = await Server.DeployAsync(serviceAndQuery);

        Assert.Equal([expected], answer.Printed);
    }

    [Fact]
    public async Task An_empty_default_outside_of_quotes_is_no_word()
    {
        var answer = await Server.DeployAsync("empty-default");

        Assert.Equal(["<a><z>"], answer.Printed);
    }

    [Fact]
    public async Task A_default_is_no_code_either()
    {
        AssertShows("$(id); id #", await Server.DeployAsync("default-is-code"));
    }

    [Fact]
    public async Task A_value_may_stand_inside_of_a_word()
    {
        var answer = await Server.DeployAsync("inside?v=%20%24HOME%20");

        Assert.Equal(["before $HOME after before $HOME after before $HOME after"], answer.Printed);
    }

    [Fact]
    public async Task A_value_is_not_searched_for_placeholders_again()
    {
        var answer = await Server.DeployAsync("two?a=%25b%25&b=%25a%25");

        Assert.Equal(["%b% %a%"], answer.Printed);
    }

    [Fact]
    public async Task Nothing_of_one_request_is_left_for_the_next()
    {
        var first = await Server.DeployAsync("two?a=1&b=2");
        var second = await Server.DeployAsync("two?a=3");
        var third = await Server.DeployAsync("two");

        Assert.Equal(["1 2"], first.Printed);
        Assert.Equal(["3 %b%"], second.Printed);
        Assert.Equal(["%a% %b%"], third.Printed);
    }

    [Fact]
    public async Task A_percent_sign_that_names_no_value_stays_as_written()
    {
        var date = await Server.DeployAsync("date");
        var percent = await Server.DeployAsync("percent");

        Assert.Matches(@"^\d{8}$", date.Printed.Single());
        Assert.Equal(["100% %undeclared% %%"], percent.Printed);
    }

    [Fact]
    public async Task A_token_is_never_a_value()
    {
        var answer = await Server.GetAsync($"/deploy/token?token={ServiceYaml.Token}");

        Assert.Equal(202, answer.Status);
        Assert.Equal(["%token%"], answer.Printed);
    }

    private static void AssertShows(string value, Answer answer)
    {
        Assert.Equal(202, answer.Status);
        Assert.Equal(Shows.Length, answer.Output.Split($"\n<{value}>\n").Length - 1);
        Assert.DoesNotContain("uid=", answer.Output, StringComparison.Ordinal);
    }
}
