using System.Text;
using CsCheck;
using ThinDeployer.Output;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Output;

public sealed class ShortOutputsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("thin-deployer-").FullName;
    private readonly OutputStore _store;

    public ShortOutputsTests() => _store = new OutputStore(_folder, TimeProvider.System);

    public void Dispose() => TemporaryFolder.Remove(_folder);

    [Fact]
    public void One_file_serves_all_that_come_one_after_the_other()
    {
        for (var number = 1; number <= 3; number++)
        {
            using var output = New(Guid.NewGuid().ToString());
            output.Write(Encoding.UTF8.GetBytes($"output {number}\n"));

            var summary = output.Finish();
            output.Release();

            Assert.Equal($"output {number}\n", summary.Inline);
        }

        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void It_is_not_used_again_before_the_record_has_the_output()
    {
        var (first, second) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        using var output = New(first);
        output.Write("first"u8);
        output.Finish();

        using var other = New(second);
        other.Write("second"u8);

        ShortOutputs.Restore(Anew(), _ => true);
        Assert.Equal(("first", "second"), (Stored(first), Stored(second)));
    }

    [Fact]
    public void What_has_ended_by_the_record_gets_no_file()
    {
        var id = Guid.NewGuid().ToString();
        using var output = New(id);
        output.Write("output"u8);

        ShortOutputs.Restore(Anew(), _ => false);

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xff, (byte)'b' })]
    [InlineData(new byte[] { (byte)'a', 0, (byte)'b' })]
    public void What_is_no_text_has_a_file_of_its_own(byte[] bytes)
    {
        var id = Guid.NewGuid().ToString();
        using var output = New(id);
        output.Write(bytes);

        var summary = output.Finish();

        Assert.Null(summary.Inline);
        Assert.Equal(bytes, File.ReadAllBytes(PathOf(id)));
    }

    /// <summary>Around the length from which on it has a file of its own.</summary>
    [Fact]
    public void A_crash_takes_nothing_back_whatever_its_length() =>
        Gen.Select(Gen.Char['a', 'z'].Array[1, 700].Array[1, 6], Gen.Bool)
            .Sample(
                (chunks, isFollowed) =>
                {
                    var id = Guid.NewGuid().ToString();
                    using var output = New(id, Anew());
                    if (isFollowed)
                    {
                        output.BeginFollowing();
                    }

                    foreach (var chunk in chunks)
                    {
                        output.Write(Encoding.UTF8.GetBytes(chunk));
                        output.WriteLine("ours");
                    }

                    ShortOutputs.Restore(Anew(), other => other == id);
                    return Stored(id) == string.Concat(chunks.Select(chunk => new string(chunk) + "\nours\n"));
                },
                iter: 300,
                // They share a folder.
                threads: 1
            );

    [Fact]
    public void A_file_that_is_damaged_is_removed()
    {
        File.WriteAllText(Path.Join(_folder, "short-1"), "\uffff\uffff" + Guid.NewGuid());
        File.WriteAllText(Path.Join(_folder, "short-2"), "short");

        ShortOutputs.Restore(Anew(), _ => true);

        Assert.Empty(Directory.GetFiles(_folder));
    }

    private OutputStore Anew() => new(_folder, TimeProvider.System);

    private string Stored(string id) => File.ReadAllText(PathOf(id));

    private string PathOf(string id) => Path.Join(_folder, $"{id}.log");

    private DeploymentOutput New(string id) => New(id, _store);

    private static DeploymentOutput New(string id, OutputStore store) =>
        new(new OutputFiles(store, id), maximumBytes: 1024 * 1024, SecretMask.Nothing);
}
