using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>
/// A command of nothing but words is started without a shell where the program carries what that takes. Nobody can tell.
/// </summary>
public abstract class PlainWordsContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected override string Configuration =>
        ServiceYaml.Of(
            "both",
            Script("both", "#!/bin/sh", "for i in 1 2 3 4; do echo out $i; echo err $i >&2; done"),
            "./both"
        )
        + ServiceYaml.Of(
            "arguments",
            Script("said", "#!/bin/sh", "printf \"<%s>\\n\" \"$@\""),
            "./said one  two=2 -x,3 a:b@c+d"
        )
        + ServiceYaml.Of("bare", Script("bare", "echo \"bare $1\""), "./bare there")
        + ServiceYaml.Of("missing", "no-such-program --version")
        + ServiceYaml.Of("missing-file", "./no-such-file")
        + ServiceYaml.Of("not-executable", "echo text > notes; chmod 600 notes", "./notes")
        + ServiceYaml.Of("folder", "mkdir -p sub", "./sub")
        + ServiceYaml.Of("no-interpreter", Script("lost", "#!/no/such/interpreter"), "./lost")
        + ServiceYaml.Of("code", Script("seven", "#!/bin/sh", "exit 7"), "./seven")
        + ServiceYaml.Of("killed", Script("killed", "#!/bin/sh", "kill -9 $$"), "./killed")
        + ServiceYaml.Of("mask", "rm -f made", "touch made", "stat -c %a made")
        + ServiceYaml.Of("input", "cat", "wc -c")
        + ServiceYaml.Of("folder-variable", "env")
        + ServiceYaml.Of("all", Script("all", "#!/bin/sh", "kill -TERM 0", "sleep 5"), "./all")
        + ServiceYaml.With(
            "path",
            "environment: {PATH: \"/no/such/folder:shut:own:/usr/bin:/bin\"}",
            "mkdir -p shut own; echo > shut/mine; "
                + "printf '%s\\n' '#!/bin/sh' 'echo mine' > own/mine; chmod 600 shut/mine; chmod 700 own/mine",
            "mine"
        );

    [Fact]
    public async Task Both_streams_come_in_the_order_written()
    {
        var answer = await Server.DeployAsync("both");

        Assert.Equal(["out 1", "err 1", "out 2", "err 2", "out 3", "err 3", "out 4", "err 4"], answer.Printed);
    }

    [Fact]
    public async Task Words_are_the_arguments()
    {
        var answer = await Server.DeployAsync("arguments");

        Assert.Equal(["<one>", "<two=2>", "<-x,3>", "<a:b@c+d>"], answer.Printed);
    }

    [Fact]
    public async Task A_text_without_an_interpreter_is_read_by_a_shell()
    {
        var answer = await Server.DeployAsync("bare");

        Assert.Equal((202, "bare there"), (answer.Status, answer.Printed.Single()));
    }

    [Theory]
    [InlineData("missing", 127, "no-such-program: not found")]
    [InlineData("missing-file", 127, "./no-such-file: not found")]
    [InlineData("no-interpreter", 127, "./lost: not found")]
    [InlineData("not-executable", 126, "./notes: Permission denied")]
    [InlineData("folder", 126, "./sub: Permission denied")]
    [InlineData("code", 7, null)]
    [InlineData("killed", 137, null)]
    public async Task What_ends_badly_has_the_code_of_a_shell(string service, int code, string? said)
    {
        var answer = await Server.DeployAsync(service);

        Assert.Equal(500, answer.Status);
        Assert.Equal(code, answer.Json.GetProperty("steps").EnumerateArray().Last().GetProperty("exitCode").GetInt32());
        Assert.All(
            said is null ? [] : (string[])[said],
            text => Assert.Contains(answer.Printed, line => line.EndsWith(text, StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task What_it_makes_has_the_mask_of_the_service() =>
        Assert.Equal(["644"], (await Server.DeployAsync("mask")).Printed);

    [Fact]
    public async Task Its_input_is_empty() => Assert.Equal(["0"], (await Server.DeployAsync("input")).Printed);

    [Fact]
    public async Task It_is_told_its_folder() =>
        Assert.Contains($"PWD={Server.Workspace.Site}", (await Server.DeployAsync("folder-variable")).Printed);

    [Fact]
    public async Task What_it_signals_is_its_own()
    {
        var answer = await Server.DeployAsync("all");

        Assert.Equal(500, answer.Status);
        Assert.Equal(202, (await Server.DeployAsync("bare")).Status);
    }

    [Fact]
    public async Task The_first_program_of_its_own_path_that_may_run_does() =>
        Assert.Equal(["mine"], (await Server.DeployAsync("path")).Printed);

    [Fact]
    public async Task Where_what_starts_it_is_gone_it_starts_all_the_same()
    {
        await using var server = await StartOwnAsync(Configuration);
        File.Delete(Path.Join(server.Workspace.Data, "launch"));

        var answer = await server.DeployAsync("bare");

        Assert.Equal((202, "bare there"), (answer.Status, answer.Printed.Single()));
    }

    private static string Script(string name, params string[] lines) =>
        $"printf '%s\\n' {string.Join(' ', lines.Select(line => $"'{line}'"))} > {name}; chmod 700 {name}";
}
