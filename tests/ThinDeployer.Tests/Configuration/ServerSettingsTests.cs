using System.Net;
using ThinDeployer.Configuration;

namespace ThinDeployer.Tests.Configuration;

public sealed class ServerSettingsTests
{
    [Fact]
    public void What_nobody_set_has_its_default()
    {
        var settings = Read("", value: null);

        Assert.Equal(20, settings.Http.AuthFailuresPerMinute);
        Assert.False(settings.Http.TrustedProxies.Contains(IPAddress.Loopback));
        Assert.False(settings.Http.HidesServices);
        Assert.Empty(settings.Mistakes);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    public void The_limit_of_failures_is_a_number(string value, int limit) =>
        Assert.Equal(limit, Read("auth-failures-per-minute", value).Http.AuthFailuresPerMinute);

    [Theory]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("1", true)]
    [InlineData("off", false)]
    [InlineData("0", false)]
    public void Whether_services_are_hidden_is_a_yes_or_no(string value, bool hides) =>
        Assert.Equal(hides, Read("hide-services", value).Http.HidesServices);

    [Fact]
    public void Proxies_are_a_list()
    {
        var proxies = Read("trusted-proxies", "127.0.0.1, 10.0.0.0/8").Http.TrustedProxies;

        Assert.True(proxies.Contains(IPAddress.Loopback));
        Assert.True(proxies.Contains(IPAddress.Parse("10.9.9.9")));
    }

    [Fact]
    public void Where_to_listen_is_asked_of_a_command_line_only()
    {
        var taken = ServerSettings.Read(_ => null, Of, serves: false);
        var left = ServerSettings.Read(switchOf: null, Of, serves: false);

        Assert.Equal(["0.0.0.0:80"], taken.Listen.Addresses.Select(address => address.ToString()));
        Assert.Equal(["0.0.0.0:8012"], left.Listen.Addresses.Select(address => address.ToString()));

        static string? Of(string name) => name == "THIN_DEPLOYER_PORT" ? "80" : null;
    }

    [Theory]
    [InlineData("THIN_DEPLOYER_MAXBODY", "THIN_DEPLOYER_MAX_BODY")]
    [InlineData("THIN_DEPLOYER_DATE", "THIN_DEPLOYER_DATA")]
    [InlineData("THIN_DEPLOYER_Admin_Token", "THIN_DEPLOYER_ADMIN_TOKEN")]
    [InlineData("THIN_DEPLOYER_PROT", "THIN_DEPLOYER_PORT")]
    [InlineData("THIN_DEPLOYR_DATA", "THIN_DEPLOYER_DATA")]
    public void A_misspelt_variable_is_warned_of_with_the_nearest_name(string name, string meant) =>
        Assert.Equal(
            [$"there is no setting \"{name}\", so it has no effect; did you mean \"{meant}\"?"],
            ServerSettings.Read(_ => null, _ => null, serves: false, variableNames: [name]).Configuration.Warnings
        );

    [Theory]
    [InlineData("THIN_DEPLOYER_DATA")]
    [InlineData("THIN_DEPLOYER_LISTEN")]
    [InlineData("THIN_DEPLOYER_SERVER")]
    [InlineData("THIN_DEPLOYER_TOKEN_FILE")]
    [InlineData("THIN_DEPLOYER_STEP")]
    [InlineData("THIN_DEPLOYER_V1")]
    [InlineData("THIN_DEPLOYER_SERVICE_HOST")]
    [InlineData("THIN_DEPLOYER_PORT_8012_TCP_ADDR")]
    [InlineData("THINKING_DATA")]
    public void A_variable_that_means_something_else_is_not(string name) =>
        Assert.Empty(
            ServerSettings.Read(_ => null, _ => null, serves: false, variableNames: [name]).Configuration.Warnings
        );

    [Theory]
    [InlineData("STATE_DIRECTORY=/var/lib/a", "/var/lib/a")]
    [InlineData("STATE_DIRECTORY=/var/lib/a:/var/lib/b", "/var/lib/a")]
    [InlineData("STATE_DIRECTORY=/var/lib/a;XDG_STATE_HOME=/state", "/var/lib/a")]
    [InlineData("STATE_DIRECTORY=/var/lib/a;THIN_DEPLOYER_DATA=/data", "/data")]
    [InlineData("STATE_DIRECTORY=;XDG_STATE_HOME=/state", "/state/thin-deployer")]
    public void The_data_are_where_the_environment_says(string variables, string folder) =>
        Assert.Equal(folder, ReadVariables(variables).Engine.DataFolder);

    [Theory]
    [InlineData("XDG_STATE_HOME=state")]
    [InlineData("STATE_DIRECTORY=state")]
    public void They_are_never_below_the_current_folder(string variables)
    {
        var folder = ReadVariables(variables).Engine.DataFolder;

        Assert.True(Path.IsPathRooted(folder), folder);
        Assert.EndsWith("/.local/state/thin-deployer", folder, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CONFIGURATION_DIRECTORY=/etc/a", "/etc/a")]
    [InlineData("CONFIGURATION_DIRECTORY=/etc/a:/etc/b", "/etc/a")]
    [InlineData("CONFIGURATION_DIRECTORY=/etc/a;THIN_DEPLOYER_CONFIGURATION=/b.yml", "/b.yml")]
    public void The_configuration_is_where_the_environment_says(string variables, string path) =>
        Assert.Equal(path, ReadVariables(variables).Configuration.Path);

    private static ServerSettings ReadVariables(string variables)
    {
        var values = variables.Split(';').Select(one => one.Split('=')).ToDictionary(one => one[0], one => one[1]);
        return ServerSettings.Read(_ => null, values.GetValueOrDefault, serves: false);
    }

    private static ServerSettings Read(string name, string? value) =>
        ServerSettings.Read(asked => asked.Name == name ? value : null, _ => null, serves: false);
}
