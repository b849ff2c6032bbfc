using ThinDeployer.Logging;

namespace ThinDeployer.Tests.Logging;

public sealed class LogFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("thin-deployer-").FullName;

    private string Named => At("server.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_file_that_is_named_stays_the_current_one_and_the_newest_rotated_ones_are_kept()
    {
        Write(lines: 9);

        Assert.Equal(["server.03.log", "server.04.log", "server.log"], Names());
        Assert.Equal("line 8\n", File.ReadAllText(Named));
        Assert.Equal("line 4\nline 5\n", File.ReadAllText(At("server.03.log")));
        Assert.Equal("line 6\nline 7\n", File.ReadAllText(At("server.04.log")));
    }

    [Fact]
    public void Numbers_go_on_after_a_restart_and_other_files_are_left_alone()
    {
        string[] others = ["server.99x.log", "server.log.1", "other.01.log", "server.1.log"];
        Array.ForEach(others, name => File.WriteAllText(At(name), ""));

        Write(lines: 3);
        Write(lines: 3);

        Assert.Equal(
            others.Concat(["server.01.log", "server.02.log", "server.log"]).Order(StringComparer.Ordinal),
            Names()
        );
    }

    [Fact]
    public void The_file_and_the_rotated_ones_are_their_owner_s_alone()
    {
        Write(lines: 9);

        Assert.All(Directory.GetFiles(_folder), file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_file_that_is_there_keeps_its_mode_and_what_it_holds()
    {
        File.WriteAllText(Named, "before\n");
        File.SetUnixFileMode(Named, OwnerOnly | UnixFileMode.GroupRead);

        Write(lines: 1);

        Assert.Equal("before\nline 0\n", File.ReadAllText(Named));
        Assert.Equal(OwnerOnly | UnixFileMode.GroupRead, File.GetUnixFileMode(Named));
    }

    [Fact]
    public void One_that_somebody_moves_removes_or_empties_is_opened_anew()
    {
        using var file = new LogFile(Named, rotateAbove: 1_000, keep: 2);

        file.Write("first\n"u8);
        File.Move(Named, At("moved"));
        file.Write("second\n"u8);
        File.Delete(Named);
        file.Write("third\n"u8);
        File.WriteAllText(Named, "");
        file.Write("fourth\n"u8);

        Assert.Equal("first\n", File.ReadAllText(At("moved")));
        Assert.Equal("fourth\n", File.ReadAllText(Named));
    }

    [Fact]
    public void A_full_disk_is_told()
    {
        using var file = new LogFile("/dev/full", rotateAbove: 1_000, keep: 2);

        Assert.Throws<IOException>(() => file.Write("line\n"u8));
        Assert.Throws<IOException>(() => file.Write("line\n"u8));
    }

    private string At(string name) => Path.Join(_folder, name);

    private IEnumerable<string?> Names() =>
        Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private void Write(int lines)
    {
        using var file = new LogFile(Named, rotateAbove: 14, keep: 2);
        for (var i = 0; i < lines; i++)
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes($"line {i}\n"));
        }
    }
}
