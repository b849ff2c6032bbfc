using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Scheduling;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Upgrading;

/// <summary>
/// Data folders that servers of earlier versions left when they were killed: one ran, one waited. <c>Records/N.tar.gz</c> was made
/// by the last server whose record had version N.
/// </summary>
public sealed class UpgradeTests
{
    /// <summary>In the header of SQLite's file (https://sqlite.org/fileformat2.html), PRAGMA user_version.</summary>
    private const int VersionAt = 60;

    /// <summary>The first one that knows deliveries.</summary>
    private const int Deliveries = 3;

    public static TheoryData<int> Versions => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_an_earlier_server_kept_is_there_and_goes_on(int version)
    {
        var workspace = Left(version);

        await using var server = await RunningServer.StartAsync(ServerStart.With(workspace));

        var good = await OnlyAsync(server, "good");
        await HasAsync(server, good, "succeeded", "well done\n");
        await HasAsync(server, await OnlyAsync(server, "long"), "succeeded", "\n899\n900\n");
        await HasAsync(server, await OnlyAsync(server, "bad"), "failed", "worse\n", "undone\n");
        var slow = await AllAsync(server, "slow");
        Assert.Equal(2, slow.Count);
        await HasAsync(server, slow[1], "interrupted", "said before\n", "The server ended while this deployment ran\n");
        await server.EndOfAsync(slow[0]);
        await HasAsync(server, slow[0], "succeeded", "its turn came\n");
        var again = await server.SendAsync(
            HttpMethod.Post,
            "/deploy/good",
            content: null,
            ("X-Auth-Token", ServiceYaml.Token),
            ("Idempotency-Key", "delivery-of-good")
        );
        Assert.Equal(version >= Deliveries, again.Json.GetProperty("id").GetString() == good);
    }

    [Fact]
    public async Task A_record_of_a_newer_server_is_refused_and_stays_as_it_is()
    {
        using var workspace = Left(Versions.Count);
        var file = Path.Combine(workspace.Data, "deployments.db");
        var server = await RunningServer.StartAsync(ServerStart.With(workspace));
        server.Program.Signal(PosixSignal.Terminate);
        await server.Program.ExitAsync();
        var record = await File.ReadAllBytesAsync(file);
        var known = BinaryPrimitives.ReadInt32BigEndian(record.AsSpan(VersionAt));
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(VersionAt), known + 1);
        await File.WriteAllBytesAsync(file, record);

        var run = await ServerStart.EndsAsync(workspace);

        Assert.Equal(ServerStart.CouldNotStart, run.ExitCode);
        var line = Assert.Single(ServerStart.ErrorLines(run));
        Assert.Contains($"version {known + 1}, this one knows {known}", line, StringComparison.Ordinal);
        Assert.Equal(record, await File.ReadAllBytesAsync(file));
        Assert.False(File.Exists(file + "-wal"));
    }

    private static Workspace Left(int version)
    {
        var workspace = new Workspace();
        workspace.Write(
            "deployer.yml",
            ServiceYaml.Of("good", "echo well done")
                + ServiceYaml.Of("long", "seq 1 900")
                + ServiceYaml.With("bad", "on_failure: ['echo undone']", "echo worse; exit 3")
                + ServiceYaml.Of("slow", "echo its turn came")
        );
        using var file = File.OpenRead(
            Path.Combine(AppContext.BaseDirectory, "Upgrading", "Records", $"{version}.tar.gz")
        );
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(unpacked, workspace.Data, overwriteFiles: false);
        if (version >= Deliveries)
        {
            LeftRecord.DeliveriesCameNow(workspace);
        }

        return workspace;
    }

    /// <summary>Newest first.</summary>
    private static async Task<IReadOnlyList<string>> AllAsync(RunningServer server, string service) =>
        [
            .. (await server.AskAsync($"/deployments?service={service}"))
                .Json.GetProperty("deployments")
                .EnumerateArray()
                .Select(one => one.GetProperty("id").GetString()!),
        ];

    private static async Task<string> OnlyAsync(RunningServer server, string service) =>
        Assert.Single(await AllAsync(server, service));

    private static async Task<string> StatusAsync(RunningServer server, string id) =>
        (await server.AskAsync($"/deployments/{id}")).Json.GetProperty("status").GetString()!;

    private static async Task HasAsync(RunningServer server, string id, string status, params string[] output)
    {
        Assert.Equal(status, await StatusAsync(server, id));
        var log = await server.AskAsync($"/deployments/{id}/log");
        Assert.Equal(200, log.Status);
        Assert.All(output, text => Assert.Contains(text, log.Text, StringComparison.Ordinal));
    }
}
