using System.Text.RegularExpressions;
using ThinDeployer.Configuration;
using YamlDotNet.RepresentationModel;

namespace ThinDeployer.Tests.Diagnosis;

/// <summary>The compose files, against the Dockerfile, the switches and their own configuration. Docker reads them nowhere here.</summary>
public sealed partial class ComposeExampleTests
{
    private static readonly string Folder = Path.Combine(ConfigurationSchemaTests.Repository, "examples", "compose");

    [Theory]
    [InlineData("server.yml")]
    [InlineData("functions.yml")]
    public void It_builds_a_stage_of_the_dockerfile(string file)
    {
        var build = Map(Service(file)["build"]);

        Assert.Equal(
            ConfigurationSchemaTests.Repository,
            Path.GetFullPath(Path.Combine(Folder, Text(build["context"])))
        );
        Assert.NotNull(StageOf(file));
    }

    [Theory]
    [InlineData("server.yml")]
    [InlineData("functions.yml")]
    public void It_publishes_the_port_of_the_image_to_this_machine_only(string file)
    {
        var port = Exposed.Match(StageOf(file)).Groups["port"].Value;

        Assert.Equal($"127.0.0.1:{port}:{port}", Assert.Single(Texts(Service(file)["ports"])));
    }

    [Theory]
    [InlineData("server.yml")]
    [InlineData("functions.yml")]
    public void The_programs_of_its_health_check_are_in_the_image(string file)
    {
        var test = Texts(Map(Service(file)["healthcheck"])["test"]);

        Assert.Equal("CMD", test[0]);
        Assert.Matches($@"(apt-get install|COPY --from)[^&]*\b{test[1]}\b", StageOf(file));
    }

    [Theory]
    [InlineData("server.yml")]
    [InlineData("functions.yml")]
    public void Its_variables_are_settings(string file) =>
        Assert.Empty(
            Map(Service(file)["environment"])
                .Children.Keys.Select(Text)
                .Except(Switches.All.Select(one => one.Variable))
        );

    [Theory]
    [InlineData("server.yml")]
    [InlineData("functions.yml")]
    public void What_must_outlive_the_container_is_a_volume(string file)
    {
        var volumes = Map(Root(file)["volumes"]).Children.Keys.Select(Text);

        var mounted = Mounts(file).Where(mount => !mount.Source.StartsWith('.'));

        Assert.Equal(volumes, mounted.Select(mount => mount.Source));
        Assert.Equal(Volume.Match(StageOf(file)).Groups["path"].Value, Assert.Single(mounted).Target);
    }

    [Theory]
    [InlineData("server.yml")]
    [InlineData("functions.yml")]
    public void Its_configuration_is_good_and_commands_can_write_where_they_run(string file)
    {
        var configuration = Text(Map(Service(file)["environment"])["THIN_DEPLOYER_CONFIGURATION"]);
        var mounts = Mounts(file);
        var mounted = Assert.Single(mounts, mount => mount.Target == configuration);

        var snapshot = ConfigurationReader.Read(Path.Combine(Folder, mounted.Source), _ => null, Folder);

        Assert.True(mounted.IsReadOnly);
        // The folder is there in the container only.
        Assert.DoesNotContain(
            snapshot.Problems,
            problem => !problem.Message.Contains("no folder now", StringComparison.Ordinal)
        );
        Assert.All(
            snapshot.Services.Values,
            service => Assert.Contains(mounts, mount => mount.Target == service.Plan.Folder && !mount.IsReadOnly)
        );
    }

    [Fact]
    public void The_server_has_the_user_of_its_image_and_no_rights_beyond()
    {
        var service = Service("server.yml");
        var stage = StageOf("server.yml");
        var user = User.Match(stage).Groups["name"].Value;

        Assert.Matches($@"useradd --uid 1000 .*\b{user}\b", stage);
        Assert.Equal("1000:1000", Text(service["user"]));
        Assert.Equal("true", Text(service["read_only"]));
        Assert.Equal("ALL", Assert.Single(Texts(service["cap_drop"])));
        Assert.Contains($"/home/{user}:uid=1000,gid=1000,mode=0700", Texts(service["tmpfs"]));
    }

    private static YamlMappingNode Root(string file)
    {
        using var text = new StreamReader(Path.Combine(Folder, file));
        var stream = new YamlStream();
        stream.Load(text);
        return Map(Assert.Single(stream.Documents).RootNode);
    }

    private static YamlMappingNode Service(string file) =>
        Map(Assert.Single(Map(Root(file)["services"]).Children).Value);

    /// <summary>The Dockerfile's text of what the file builds.</summary>
    private static string StageOf(string file)
    {
        var stages = Stages.Split(File.ReadAllText(Path.Combine(ConfigurationSchemaTests.Repository, "Dockerfile")));
        return Map(Service(file)["build"]).Children.TryGetValue("target", out var target)
            ? Assert.Single(
                stages,
                stage => stage.Split('\n')[0].EndsWith($" AS {Text(target)}", StringComparison.Ordinal)
            )
            : stages[^1];
    }

    private static IReadOnlyList<Mount> Mounts(string file) =>
        [.. ((YamlSequenceNode)Service(file)["volumes"]).Select(Mount.Of)];

    private static YamlMappingNode Map(YamlNode node) => Assert.IsType<YamlMappingNode>(node);

    private static string Text(YamlNode node) => Assert.IsType<YamlScalarNode>(node).Value!;

    private static IReadOnlyList<string> Texts(YamlNode node) => [.. ((YamlSequenceNode)node).Select(Text)];

    private sealed record Mount(string Source, string Target, bool IsReadOnly)
    {
        internal static Mount Of(YamlNode node) =>
            node is YamlMappingNode map ? new Mount(Text(map["source"]), Text(map["target"]), IsReadOnly: false)
            : Text(node).Split(':') is [var source, var target, .. var options]
                ? new Mount(source, target, options.Contains("ro"))
            : throw new InvalidOperationException($"{node} is no mount.");
    }

    [GeneratedRegex("^(?=FROM )", RegexOptions.Multiline, 1_000)]
    private static partial Regex Stages { get; }

    [GeneratedRegex("^EXPOSE (?<port>[0-9]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Exposed { get; }

    [GeneratedRegex("^VOLUME (?<path>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Volume { get; }

    [GeneratedRegex("^USER (?<name>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex User { get; }
}
