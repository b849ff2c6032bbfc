namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>What the image of the standalone server is made of and how it starts.</summary>
public sealed class ServerImageTests
{
    private const string User = "deployer";

    private static readonly DockerStage Build = Dockerfile.Stage("build-server");
    private static readonly DockerStage Server = Dockerfile.Stage("server");

    /// <summary>Ubuntu 24.04 has glibc 2.39, Debian 13 has 2.41; Debian 12 (2.36) would not start the binary.</summary>
    [Fact]
    public void The_binary_is_built_where_glibc_is_no_newer()
    {
        Assert.Equal("mcr.microsoft.com/dotnet/sdk:10.0-noble", Build.Image);
        Assert.Equal("debian:trixie-slim", Server.Image);
    }

    [Fact]
    public void It_is_built_as_users_build_it()
    {
        const string publish = "dotnet publish src/ThinDeployer.Server --output";

        Assert.Equal(["clang", "zlib1g-dev"], Build.Packages);
        Assert.Equal($"{publish} /out -warnaserror", Build.Of("RUN")[^1]);
        Assert.Contains(publish, RepositoryFile.Text("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_but_the_binary_is_taken()
    {
        Assert.Equal(["--from=build-server /out/thin-deployer /usr/local/bin/"], Server.Of("COPY"));
    }

    [Theory]
    [InlineData("ca-certificates")]
    [InlineData("curl")]
    [InlineData("git")]
    [InlineData("libssl3t64")]
    [InlineData("openssh-client")]
    [InlineData("tini")]
    [InlineData("tzdata")]
    [InlineData("util-linux")]
    public void It_has_what_the_server_and_most_commands_need(string package)
    {
        Assert.Contains(package, Server.Packages);
    }

    [Fact]
    public void It_runs_as_a_user_of_its_own_who_owns_the_data()
    {
        var commands = Assert.Single(Server.Of("RUN")).Split(" && ");

        Assert.Equal([User], Server.Of("USER"));
        Assert.Contains($"useradd --uid 1000 --create-home --shell /bin/sh {User}", commands);
        Assert.Contains($"install --directory --owner={User} --group={User} --mode=700 /data", commands);
        Assert.Equal(["/data"], Server.Of("VOLUME"));
    }

    [Fact]
    public void The_command_line_of_the_original_starts_it()
    {
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["THIN_DEPLOYER_CONFIGURATION"] = "/root/.deployer.yml",
                ["THIN_DEPLOYER_DATA"] = "/data",
            },
            Server.Environment
        );
        Assert.Subset(SettingNames.All.ToHashSet(), Server.Environment.Keys.ToHashSet());
        Assert.Equal(["8012"], Server.Of("EXPOSE"));
        Assert.Contains("chmod 755 /root", Assert.Single(Server.Of("RUN")), StringComparison.Ordinal);
    }

    [Fact]
    public void Tini_reaps_hands_signals_on_and_takes_the_switches_of_the_server()
    {
        Assert.Equal(["""["tini", "--", "thin-deployer"]"""], Server.Of("ENTRYPOINT"));
        Assert.Empty(Server.Of("CMD"));
        Assert.Empty(Server.Of("STOPSIGNAL"));
    }

    [Fact]
    public void Its_health_is_that_it_lives()
    {
        Assert.EndsWith(
            "CMD curl --fail --silent --output /dev/null http://127.0.0.1:8012/technical/live",
            Assert.Single(Server.Of("HEALTHCHECK")),
            StringComparison.Ordinal
        );
    }
}
