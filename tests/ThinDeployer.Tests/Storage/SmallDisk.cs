using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace ThinDeployer.Tests.Storage;

/// <summary>A place for a record that can be made full, and empty again.</summary>
internal abstract class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal static IEnumerable<string> Kinds => MountedDisk.IsPossible ? ["page limit", "mounted"] : ["page limit"];

    internal string FullName => _folder.FullName;

    internal static SmallDisk Of(string kind) => kind == "mounted" ? new MountedDisk() : new PageLimit();

    internal abstract void Fill();

    internal abstract void Empty();

    /// <summary>Called before each transaction.</summary>
    internal virtual void BeforeGroup(SqliteConnection connection) { }

    public virtual void Dispose() => _folder.Dispose();
}

/// <summary>A limit that SQLite takes for a full disk, where nothing may be mounted.</summary>
internal sealed class PageLimit : SmallDisk
{
    /// <summary>More than there ever are; 1 means as many as there are now.</summary>
    private const string Unlimited = "1073741823";

    private volatile string _pages = Unlimited;

    internal override void Fill() => _pages = "1";

    internal override void Empty() => _pages = Unlimited;

    internal override void BeforeGroup(SqliteConnection connection) =>
        RawDatabase.Scalar(connection, $"PRAGMA max_page_count = {_pages}");
}

/// <summary>A file system of 4 MiB in memory, where the tests run as root.</summary>
internal sealed class MountedDisk : SmallDisk
{
    private static readonly Lazy<bool> Possible = new(() =>
    {
        using var folder = new TemporaryFolder();
        return Mount(folder.FullName) && Run("umount", folder.FullName);
    });

    internal MountedDisk() => Assert.True(Mount(FullName));

    internal static bool IsPossible => Possible.Value;

    private string Filler => Path.Combine(FullName, "filler");

    internal override void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(page);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    internal override void Empty() => File.Delete(Filler);

    public override void Dispose()
    {
        Run("umount", FullName);
        base.Dispose();
    }

    private static bool Mount(string folder) => Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
