using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>The configuration with which the original tested itself, and what it expected.</summary>
public abstract class OriginalConfigurationContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected override string Configuration =>
        """
            lists:
                token: 123
                pwd: /
                vars:
                    dir: ''
                commands:
                    - ls %dir%
            """;

    [Fact]
    public async Task Without_an_argument_it_lists_the_folder_of_the_service()
    {
        var answer = await Server.GetAsync("/deploy/lists?token=123");

        Assert.Equal(202, answer.Status);
        Assert.Contains("home", answer.Printed);
    }

    [Fact]
    public async Task With_a_folder_as_argument_it_lists_that()
    {
        Server.Workspace.TouchSite("a file to find");

        var answer = await Server.GetAsync(
            $"/deploy/lists?token=123&dir={Uri.EscapeDataString(Server.Workspace.Site)}"
        );

        Assert.Equal(202, answer.Status);
        Assert.Equal(["a file to find"], answer.Printed);
    }

    [Fact]
    public async Task With_a_command_as_argument_it_fails_to_list_that()
    {
        var answer = await Server.GetAsync("/deploy/lists?token=123&dir='%26%26/bin/bash");

        Assert.Equal(500, answer.Status);
        Assert.Contains("'&&/bin/bash", answer.Printed[0], StringComparison.Ordinal);
    }
}
