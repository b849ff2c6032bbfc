using System.Text;
using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Yaml;

public sealed class YamlFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Problems _problems = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_read_with_its_path_in_every_place()
    {
        var path = _folder.Write("a.yml", "\uFEFFa:\r\n  b: 1\r\n"u8.ToArray());

        var map = YamlFile.Read(path, new NodeBudget(), _problems);

        Assert.Empty(_problems);
        Assert.Equal("{a: {b: 1}}", YamlSample.Show(map));
        Assert.Equal($"{path}:2:3", map!.Entries[0].Value.Place.ToString());
    }

    [Fact]
    public void What_is_no_file_is_a_mistake_at_its_start()
    {
        var map = YamlFile.Read(_folder.FullName, new NodeBudget(), _problems);

        Assert.Null(map);
        Assert.Equal($"{_folder.FullName}:1:1: this is a folder, not a file", Assert.Single(_problems).ToString());
    }

    [Fact]
    public void A_file_that_is_no_text_is_a_mistake_where_that_shows()
    {
        var path = _folder.Write("a.yml", [.. "a: 1\nb: "u8, 0xFF]);

        YamlFile.Read(path, new NodeBudget(), _problems);

        Assert.Equal(
            $"{path}:2:4: the file is not valid UTF-8 here; save it as UTF-8",
            Assert.Single(_problems).ToString()
        );
    }

    [Fact]
    public void More_than_a_mebibyte_is_a_mistake_before_it_is_parsed()
    {
        var path = _folder.Write("a.yml", Encoding.UTF8.GetBytes("a: " + new string('x', 10_000_000)));

        YamlFile.Read(path, new NodeBudget(), _problems);

        Assert.Equal($"{path}:1:1: the file is larger than 1 MiB", Assert.Single(_problems).ToString());
    }
}
