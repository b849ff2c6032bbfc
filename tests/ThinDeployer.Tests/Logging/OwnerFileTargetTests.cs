using System.Globalization;
using NLog;
using NLog.Config;
using NLog.Layouts;
using ThinDeployer.Logging;

namespace ThinDeployer.Tests.Logging;

public sealed class OwnerFileTargetTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("thin-deployer-").FullName;

    public void Dispose() => TemporaryFolder.Remove(_folder);

    [Fact]
    public void The_file_and_the_rotated_ones_are_their_owner_s_alone()
    {
        Write(Path.Join(_folder, "server.log"), lines: 9);

        var files = Directory.GetFiles(_folder);
        Assert.InRange(files.Length, 2, 3);
        Assert.All(files, file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_file_that_is_there_keeps_its_mode()
    {
        var file = Path.Join(_folder, "server.log");
        File.WriteAllText(file, "before\n");
        File.SetUnixFileMode(file, OwnerOnly | UnixFileMode.GroupRead);

        Write(file, lines: 1);

        Assert.Equal("before\nline\n", File.ReadAllText(file));
        Assert.Equal(OwnerOnly | UnixFileMode.GroupRead, File.GetUnixFileMode(file));
    }

    private static void Write(string file, int lines)
    {
        using var factory = new LogFactory();
        var configuration = new LoggingConfiguration(factory);
        configuration.AddRuleForAllLevels(
            new OwnerFileTarget
            {
                FileName = Layout.FromLiteral(file),
                Layout = Layout.FromLiteral("line"),
                LineEnding = NLog.Targets.LineEndingMode.LF,
                ArchiveAboveSize = 12,
                ArchiveFileName = Layout.FromLiteral(file),
                ArchiveSuffixFormat = ".{0:00}",
                MaxArchiveFiles = 2,
            }
        );
        factory.Configuration = configuration;
        for (var i = 0; i < lines; i++)
        {
            factory.GetLogger("test").Info(CultureInfo.InvariantCulture, "x");
        }

        factory.Flush();
    }
}
