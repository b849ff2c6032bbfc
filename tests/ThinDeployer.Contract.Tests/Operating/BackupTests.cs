using System.Formats.Tar;
using System.IO.Compression;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Operating;

/// <summary>The history of a server is saved while it works, and comes back elsewhere.</summary>
public sealed class BackupTests
{
    private static readonly string[] Services = ["site", "large", "small", "bad", "many"];

    private const string Id = "01234567-89ab-7def-8123-456789abcdef";

    [Fact]
    public async Task Under_load_every_deployment_has_its_output_and_comes_back_as_it_was()
    {
        await using var server = await StartAsync(
            ServiceYaml.With("many", "keep: 12, parallel: 2", "echo $DEPLOYMENT_ID; seq 1 1000")
                + ServiceYaml.Of("small", "echo small; true")
        );
        using var stop = new CancellationTokenSource();
        await server.DeployAsync("small");
        var load = Enumerable.Range(0, 3).Select(_ => LoadAsync(server, stop.Token)).ToList();
        await Eventually.IsTrueAsync(() => server.CountAsync("succeeded"), 13, "as many as are kept");

        for (var round = 0; round < 3; round++)
        {
            var made = await RunAsync(server.Workspace, "backup", "--force", "saved.tar.gz");
            Assert.Equal((0, ""), (made.ExitCode, made.Errors.Text));
            using var other = new Workspace();
            var restored = await RestoreAsync(other, server.Workspace.At("saved.tar.gz"));
            Assert.Equal((0, ""), (restored.ExitCode, restored.Errors.Text));
            await using var second = await StartOnAsync(other);
            await HasWholeHistoryAsync(second);
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
    }

    [Fact]
    public async Task History_outputs_and_deliveries_are_the_same_afterwards()
    {
        await using var server = await StartAsync(
            ServiceYaml.Of("large", "seq 1 5000")
                + ServiceYaml.Of("small", "echo small")
                + ServiceYaml.With("bad", "on_failure: ['echo undone']", "echo worse; exit 3")
        );
        string[] paths =
        [
            .. await PathsAsync(server, "large"),
            .. await PathsAsync(server, "small"),
            .. await PathsAsync(server, "bad"),
            "/deployments",
            "/services/small/deliveries",
        ];
        var before = await AllAsync(server, paths);

        var made = await RunAsync(server.Workspace, "backup", "saved.tar.gz");
        using var other = new Workspace();
        var restored = await RestoreAsync(other, server.Workspace.At("saved.tar.gz"));

        Assert.Equal((0, 0), (made.ExitCode, restored.ExitCode));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(server.Workspace.At("saved.tar.gz"))
        );
        Assert.Contains("3 deployments, 1 file of output", made.Output.Text, StringComparison.Ordinal);
        Assert.Contains(server.Workspace.ConfigurationFile, made.Output.Text, StringComparison.Ordinal);
        await using var second = await StartOnAsync(other);
        Assert.Equal(before, await AllAsync(second, paths));
    }

    [Fact]
    public async Task What_ran_or_waited_then_is_not_run_by_the_server_that_gets_the_backup()
    {
        await using var server = await StartAsync(
            ServiceYaml.With(
                "site",
                "respond: accepted, on_failure: ['touch undone']",
                "echo said; touch $DEPLOYMENT_ID; sleep 600"
            )
        );
        var running = await AcceptedAsync(server);
        await server.Workspace.SiteHasAsync(running);
        var queued = await AcceptedAsync(server);
        await RunAsync(server.Workspace, "backup", "saved.tar.gz");
        using var other = new Workspace();

        var restored = await RestoreAsync(other, server.Workspace.At("saved.tar.gz"));

        Assert.Contains($"{running} site: interrupted", restored.Output.Text, StringComparison.Ordinal);
        Assert.Contains($"{queued} site: cancelled", restored.Output.Text, StringComparison.Ordinal);
        other.Write("deployer.yml", ServiceYaml.With("site", "on_failure: ['touch undone']", "touch ran"));
        await using var second = await StartOnAsync(other);
        await second.DeployAsync("site");
        var first = (await second.AskAsync($"/deployments/{running}")).Json;
        var waited = (await second.AskAsync($"/deployments/{queued}")).Json;
        Assert.Equal("interrupted", first.GetProperty("status").GetString());
        Assert.Equal(
            ("cancelled", "restore"),
            (waited.GetProperty("status").GetString(), waited.GetProperty("cancelledBy").GetString())
        );
        var log = (await second.AskAsync($"/deployments/{running}/log")).Text;
        Assert.Contains("said\n", log, StringComparison.Ordinal);
        Assert.Contains("This deployment ran when the backup was made", log, StringComparison.Ordinal);
        Assert.Equal(["ran"], Directory.EnumerateFiles(other.Site).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Through_a_pipe_it_is_the_same()
    {
        await using var server = await StartAsync(ServiceYaml.Of("site", "seq 1 5000"));
        var paths = await PathsAsync(server, "site");
        var before = await AllAsync(server, paths);
        using var other = new Workspace();

        var run = await ProgramRun.ToEndAsync(
            new ProgramStart(
                new WrappedHost(
                    new BareServer(),
                    $"'{ServerProgram.Path}' backup - --data '{server.Workspace.Data}' > moved; exec < moved"
                ),
                other
            )
            {
                Arguments = ["restore", "-"],
            }
        );

        Assert.Equal(0, run.ExitCode);
        await using var second = await StartOnAsync(other);
        Assert.Equal(before, await AllAsync(second, paths));
    }

    [Fact]
    public async Task Neither_a_file_nor_a_record_is_replaced_unasked_and_a_record_is_only_moved_aside()
    {
        await using var server = await StartAsync(ServiceYaml.Of("site", "seq 1 5000"));
        var old = await PathsAsync(server, "site");
        await RunAsync(server.Workspace, "backup", "saved.tar.gz");
        var saved = await File.ReadAllBytesAsync(server.Workspace.At("saved.tar.gz"));
        using var other = new Workspace();
        var archive = server.Workspace.At("saved.tar.gz");

        var again = await RunAsync(server.Workspace, "backup", "saved.tar.gz");
        var folder = await RunAsync(server.Workspace, "backup", "--force", "site");
        var held = await RestoreAsync(server.Workspace, archive, "--force");
        await RestoreAsync(other, archive);
        var twice = await RestoreAsync(other, archive);
        var forced = await RestoreAsync(other, archive, "--force");

        Assert.Equal(
            (1, 1, 1, 1, 0),
            (again.ExitCode, folder.ExitCode, held.ExitCode, twice.ExitCode, forced.ExitCode)
        );
        Assert.Contains("is there already", again.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("in use by another Thin Deployer", held.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("has a record already", twice.Errors.Text, StringComparison.Ordinal);
        Assert.Equal(saved, await File.ReadAllBytesAsync(archive));
        var kept = Assert.Single(Directory.GetDirectories(other.Data, "before-restore-*"));
        Assert.Contains(kept, forced.Output.Text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(kept, "deployments.db")));
        Assert.Single(Directory.GetFiles(Path.Combine(kept, "logs")));
        await using var second = await StartOnAsync(other);
        Assert.Equal(await AllAsync(server, old), await AllAsync(second, old));
    }

    [Theory]
    [InlineData("../evil.log", TarEntryType.RegularFile)]
    [InlineData("/tmp/evil.log", TarEntryType.RegularFile)]
    [InlineData("logs/../../evil.log", TarEntryType.RegularFile)]
    [InlineData("launch", TarEntryType.RegularFile)]
    [InlineData("logs/" + Id + ".log.x", TarEntryType.RegularFile)]
    [InlineData("logs/short-1", TarEntryType.RegularFile)]
    [InlineData("logs/" + Id + ".log", TarEntryType.SymbolicLink)]
    [InlineData("logs/" + Id + ".log", TarEntryType.HardLink)]
    [InlineData("logs/" + Id + ".log", TarEntryType.Fifo)]
    [InlineData("logs/" + Id + ".log", TarEntryType.CharacterDevice)]
    [InlineData("logs", TarEntryType.Directory)]
    public async Task An_archive_with_anything_else_is_refused_and_leaves_nothing(string name, TarEntryType type)
    {
        using var workspace = new Workspace();
        await using (var file = File.Create(workspace.At("hostile.tar.gz")))
        await using (var packed = new GZipStream(file, CompressionLevel.Fastest))
        await using (var archive = new TarWriter(packed, TarEntryFormat.Gnu))
        {
            var entry = new GnuTarEntry(type, name);
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            {
                entry.LinkName = "/etc/passwd";
            }

            await archive.WriteEntryAsync(entry);
        }

        var run = await RestoreAsync(workspace, workspace.At("hostile.tar.gz"));

        Assert.Equal(1, run.ExitCode);
        Assert.Single(ServerStart.ErrorLines(run));
        Assert.Contains("The backup holds ", run.Errors.Text, StringComparison.Ordinal);
        AssertNothingIn(workspace);
    }

    [Fact]
    public async Task A_reader_who_is_gone_has_no_backup()
    {
        await using var server = await StartAsync(ServiceYaml.Of("site", "seq 1 90000"));
        await server.DeployAsync("site");

        var run = await ProgramRun.ToEndAsync(
            new ProgramStart(
                new ShellLine(
                    $"{{ {ServerProgram.Path} backup - --data {server.Workspace.Data}; echo ended by $? >&2; }} | true"
                ),
                server.Workspace
            )
        );

        Assert.Contains("ended by 1", run.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_with_another_checksum_at_its_end_is_refused()
    {
        await using var server = await StartAsync(ServiceYaml.Of("site", "true"));
        await server.DeployAsync("site");
        await RunAsync(server.Workspace, "backup", "saved.tar.gz");
        var bytes = await File.ReadAllBytesAsync(server.Workspace.At("saved.tar.gz"));
        bytes[^6] ^= 1;
        using var other = new Workspace();
        await File.WriteAllBytesAsync(other.At("bad.tar.gz"), bytes);

        var run = await RestoreAsync(other, other.At("bad.tar.gz"));

        Assert.Equal(1, run.ExitCode);
        Assert.Single(ServerStart.ErrorLines(run));
        AssertNothingIn(other);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(99)]
    public async Task One_that_was_cut_off_is_refused(int percent)
    {
        await using var server = await StartAsync(ServiceYaml.Of("site", "seq 1 5000 | sha256sum; seq 1 9000"));
        await server.DeployAsync("site");
        await RunAsync(server.Workspace, "backup", "saved.tar.gz");
        var whole = await File.ReadAllBytesAsync(server.Workspace.At("saved.tar.gz"));
        using var other = new Workspace();
        await File.WriteAllBytesAsync(other.At("cut.tar.gz"), whole[..(whole.Length * percent / 100)]);

        var run = await RestoreAsync(other, other.At("cut.tar.gz"));

        Assert.Equal(1, run.ExitCode);
        Assert.Single(ServerStart.ErrorLines(run));
        AssertNothingIn(other);
    }

    [Fact]
    public async Task Killed_at_any_moment_a_restore_leaves_the_old_history_or_the_new()
    {
        await using var server = await StartAsync(ServiceYaml.Of("site", "seq 1 5000"));
        var added = await PathsAsync(server, "site");
        await RunAsync(server.Workspace, "backup", "new.tar.gz");
        using var other = new Workspace();
        other.Write("deployer.yml", ServiceYaml.Of("site", "seq 1 4000"));
        var first = await StartOnAsync(other);
        var old = await PathsAsync(first, "site");
        await StopAsync(first);

        foreach (var milliseconds in (int[])[20, 60, 100, 140, 180, 220, 260, 300])
        {
            await using (
                var restore = StartedProgram.Start(
                    new ProgramStart(new BareServer(), other)
                    {
                        Arguments = ["restore", "--force", server.Workspace.At("new.tar.gz")],
                    }
                )
            )
            {
                await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, CancellationToken.None);
                restore.Signal(PosixSignal.Kill);
                await restore.ExitAsync();
            }

            var next = await StartOnAsync(other);
            var statuses = await Task.WhenAll(added.Concat(old).Select(next.AskAsync));
            Assert.True(
                statuses.Take(2).All(answer => answer.Status == 200)
                    != statuses.Skip(2).All(answer => answer.Status == 200),
                string.Join(' ', statuses.Select(answer => answer.Status))
            );
            await HasWholeHistoryAsync(next);
            await StopAsync(next);
        }
    }

    [Fact]
    public async Task A_full_disk_is_one_sentence_and_leaves_nothing()
    {
        await using var server = await StartAsync(ServiceYaml.Of("site", "head -c 3000000 /dev/urandom | base64"));
        await server.DeployAsync("site");
        using var other = new Workspace();

        var run = await ProgramRun.ToEndAsync(
            new ProgramStart(
                new SmallDisk(
                    $"backup \"$DISK/saved.tar.gz\" --data '{server.Workspace.Data}'; echo $?; ls -A \"$DISK\""
                ),
                other
            )
        );

        Assert.Equal("1", run.Output.Text);
        Assert.Matches("^thin-deployer: There is no room for .*/saved.tar.gz on its disk.$", run.Errors.Text);
    }

    /// <summary>Its workspace stays.</summary>
    private static async Task StopAsync(RunningServer server)
    {
        server.Program.Signal(PosixSignal.Terminate);
        await server.Program.ExitAsync();
        await server.Program.DisposeAsync();
    }

    private static async Task LoadAsync(RunningServer server, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await server.DeployAsync("many");
        }
    }

    /// <summary>Every deployment has an end, and all of its output.</summary>
    private static async Task HasWholeHistoryAsync(RunningServer server)
    {
        var all = (await server.AskAsync("/deployments?limit=200")).Json.GetProperty("deployments").EnumerateArray();
        Assert.NotEmpty(all);
        foreach (var one in all)
        {
            var id = one.GetProperty("id").GetString()!;
            var log = await server.AskAsync($"/deployments/{id}/log");
            Assert.Equal(200, log.Status);
            Assert.NotEqual("running", one.GetProperty("status").GetString());
            Assert.Equal(one.GetProperty("outputBytes").GetInt64(), log.Bytes.Length);
            Assert.NotEmpty(log.Bytes);
        }
    }

    private static async Task<string> AcceptedAsync(RunningServer server) =>
        (await server.DeployAsync("site")).Json.GetProperty("id").GetString()!;

    /// <summary>Where a deployment that has ended is seen.</summary>
    private static async Task<string[]> PathsAsync(RunningServer server, string service)
    {
        var id = (await server.DeployAsync(service)).Json.GetProperty("id").GetString()!;
        return [$"/deployments/{id}", $"/deployments/{id}/log"];
    }

    private static async Task<string[]> AllAsync(RunningServer server, IEnumerable<string> paths)
    {
        var texts = new List<string>();
        foreach (var path in paths)
        {
            texts.Add((await server.AskAsync(path)).Text);
        }

        return [.. texts];
    }

    private static void AssertNothingIn(Workspace workspace)
    {
        Assert.False(File.Exists(Path.Combine(workspace.Data, "deployments.db")));
        Assert.Equal(
            ["lock", "lock.pid", "logs"],
            Directory.EnumerateFileSystemEntries(workspace.Data).Select(Path.GetFileName).Order()
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(workspace.Data, "logs")));
        Assert.False(File.Exists(workspace.At("evil.log")));
    }

    private static Task<RunningServer> StartAsync(string configuration)
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", configuration);
        return RunningServer.StartAsync(ServerStart.With(workspace));
    }

    private static Task<RunningServer> StartOnAsync(Workspace workspace)
    {
        if (!File.Exists(workspace.ConfigurationFile))
        {
            workspace.Write("deployer.yml", string.Concat(Services.Select(name => ServiceYaml.Of(name, "true"))));
        }

        return RunningServer.StartAsync(ServerStart.With(workspace));
    }

    private static Task<ProgramRun> RestoreAsync(Workspace workspace, string archive, params string[] more) =>
        RunAsync(workspace, ["restore", archive, .. more]);

    private static Task<ProgramRun> RunAsync(Workspace workspace, params string[] arguments) =>
        ProgramRun.ToEndAsync(new ProgramStart(new BareServer(), workspace) { Arguments = arguments });

    /// <summary>The program beside a disk of 1 MiB, which nobody else sees.</summary>
    private sealed class SmallDisk(string arguments) : IHostProgram
    {
        public string Path => "/usr/bin/unshare";

        public IReadOnlyList<string> Arguments =>
            [
                "--map-root-user",
                "--mount",
                "/bin/sh",
                "-c",
                $"DISK=$PWD/disk; mkdir disk && mount -t tmpfs -o size=1m tmpfs disk && '{ServerProgram.Path}' {arguments}",
            ];

        public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();
    }
}
