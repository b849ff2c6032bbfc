using ThinDeployer.Storage;

namespace ThinDeployer.Tests.Storage;

/// <summary>A restore that was decided is finished, wherever it was broken off.</summary>
public sealed class RestoredFilesTests : IDisposable
{
    private const string Kept = "before-restore-20260102T030405Z";

    /// <summary>What is done, in this order.</summary>
    private static readonly (string From, string To)[] Moves =
    [
        ("deployments.db-wal", $"restored/old/{Kept}/deployments.db-wal"),
        ("deployments.db", $"restored/old/{Kept}/deployments.db"),
        ("logs", $"restored/old/{Kept}/logs"),
        ("restored/logs", "logs"),
        ("restored/deployments.db", "deployments.db"),
        ($"restored/old/{Kept}", Kept),
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Moments => [.. Enumerable.Range(0, Moves.Length + 1)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Moments))]
    public void It_ends_with_the_new_in_place_and_the_old_aside(int done)
    {
        Write("deployments.db", "old");
        Write("deployments.db-wal", "old");
        Write("logs/a.log", "old");
        Write("restored/deployments.db", "new");
        Write("restored/logs/b.log", "new");
        Directory.CreateDirectory(At($"restored/old/{Kept}"));
        foreach (var (from, to) in Moves.Take(done))
        {
            Directory.Move(At(from), At(to));
        }

        RestoredFiles.Finish(_folder.FullName);

        Assert.Equal(
            [
                $"{Kept}/deployments.db old",
                $"{Kept}/deployments.db-wal old",
                $"{Kept}/logs/a.log old",
                "deployments.db new",
                "logs/b.log new",
            ],
            Directory
                .EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories)
                .Select(path => $"{Path.GetRelativePath(_folder.FullName, path)} {File.ReadAllText(path)}")
                .Order(StringComparer.Ordinal)
        );
        Assert.False(Directory.Exists(At("restored")));
    }

    [Fact]
    public void Broken_off_at_its_very_end_it_only_tidies_up()
    {
        Write("deployments.db", "new");
        Directory.CreateDirectory(At("restored"));

        RestoredFiles.Finish(_folder.FullName);

        Assert.Equal(
            ["deployments.db"],
            Directory.EnumerateFileSystemEntries(_folder.FullName).Select(Path.GetFileName)
        );
    }

    [Fact]
    public void One_that_was_not_decided_changes_nothing()
    {
        Write("deployments.db", "old");
        Write("restoring/deployments.db", "new");

        RestoredFiles.Finish(_folder.FullName);

        Assert.Equal("old", File.ReadAllText(At("deployments.db")));
    }

    private string At(string name) => _folder.At(name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }
}
