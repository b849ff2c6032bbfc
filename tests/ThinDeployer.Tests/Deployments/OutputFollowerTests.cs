using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Deployments;
using ThinDeployer.Output;

namespace ThinDeployer.Tests.Deployments;

/// <summary>Followers of a log, held against what was written into it.</summary>
public sealed class LogFollowerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("thin-deployer-").FullName;
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => TemporaryFolder.Remove(_folder);

    [Fact]
    public async Task Silence_is_told_when_the_patience_is_over_and_not_before()
    {
        using var follower = Follow(New(maximumOutput: 1024), OutputPlace.Start);
        var patience = TimeSpan.FromSeconds(15);

        var next = follower.NextAsync(patience, CancellationToken.None);
        _time.Advance(patience - TimeSpan.FromMilliseconds(1));
        var before = next.IsCompleted;
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.False(before);
        Assert.IsType<FollowedEvent.Silence>(await next);
    }

    [Fact]
    public async Task The_end_of_the_server_is_told_to_who_still_waits()
    {
        var deployment = New(maximumOutput: 1024);
        using var follower = Follow(deployment, OutputPlace.Start);
        var next = follower.NextAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);

        deployment.Finish(result: null);

        Assert.IsType<FollowedEvent.Broken>(await next);
    }

    /// <summary>The log is cut in the middle as soon as it is longer than a few bytes: one who keeps up sees all of it.</summary>
    [Fact]
    public async Task Who_keeps_up_sees_every_byte_and_whoever_comes_back_later_sees_what_is_kept() =>
        await Gen.Select(Gen.Byte.Array[1, 30].Array[1, 12], Gen.Int[0, 400])
            .SampleAsync(
                async sample =>
                {
                    var (chunks, back) = sample;
                    var deployment = New(maximumOutput: 64);
                    using var follower = Follow(deployment, OutputPlace.Start);
                    var seen = new List<byte>();
                    foreach (var chunk in chunks)
                    {
                        deployment.Output.Write(chunk);
                        seen.AddRange(await OutputAsync(follower, chunk.Length));
                    }

                    var all = chunks.SelectMany(chunk => chunk).ToArray();
                    Assert.Equal(all, seen);

                    var result = End(deployment);
                    var kept = await AllAsync(result, OutputPlace.Start);
                    Assert.Equal(await StoredAsync(result.Entry), kept);

                    // A place before the cut, in it, or behind it.
                    var rest = await AllAsync(result, new OutputPlace(Math.Min(back, all.Length), Marks: null));
                    Assert.True(kept.AsSpan().EndsWith(Tail(rest)), $"{back}: not the end of what is kept");
                    if (result.Entry.OutputCutBytes == 0)
                    {
                        Assert.Equal(all[Math.Min(back, all.Length)..], rest);
                    }
                },
                iter: 300
            );

    /// <summary>What is short stands in the record.</summary>
    private async Task<byte[]> StoredAsync(DeploymentEntry entry) =>
        entry.InlineOutput is { } inline
            ? Encoding.UTF8.GetBytes(inline)
            : await File.ReadAllBytesAsync(Path.Join(_folder, $"{entry.Id}.log"));

    /// <summary>What stands behind a line of our own that tells of a cut.</summary>
    private static ReadOnlySpan<byte> Tail(byte[] rest)
    {
        var cut = rest.AsSpan().LastIndexOf("left out here …]\n"u8);
        return cut < 0 ? rest : rest.AsSpan(cut);
    }

    private async Task<byte[]> OutputAsync(OutputFollower follower, int length)
    {
        var read = new List<byte>();
        while (read.Count < length)
        {
            var next = await follower.NextAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
            read.AddRange(Assert.IsType<FollowedEvent.Piece>(next).Bytes.ToArray());
        }

        return [.. read];
    }

    private async Task<byte[]> AllAsync(DeploymentResult result, OutputPlace place)
    {
        using var follower = new OutputFollower(FollowedOutput.Of(result), place, wholeCharacters: false, _time);
        var read = new List<byte>();
        while (
            await follower.NextAsync(Timeout.InfiniteTimeSpan, CancellationToken.None)
                is FollowedEvent.Piece(var bytes, _)
        )
        {
            read.AddRange(bytes.ToArray());
        }

        return [.. read];
    }

    private DeploymentResult End(Deployment deployment)
    {
        var summary = deployment.Output.Finish();
        var entry = deployment.Accepted with
        {
            Status = DeploymentStatus.Succeeded,
            OutputCutBytes = summary.CutBytes,
            OutputHeadBytes = summary.Head,
            InlineOutput = summary.Inline,
        };
        return new DeploymentResult(entry, deployment.Output.Content);
    }

    private OutputFollower Follow(Deployment deployment, OutputPlace place) =>
        new(FollowedOutput.Of(deployment), place, wholeCharacters: false, _time);

    private Deployment New(long maximumOutput) =>
        Deployment.New(
            SampleCall.Admitted("site"),
            SampleCall.Plan(
                new QueuePolicy(1, WhenBusy.Queue, MaximumWaiting: 1, AnswersAtOnce: false),
                maximumOutput: maximumOutput
            ),
            SampleCall.Plain,
            sequence: 1,
            _time.GetUtcNow(),
            new MemoryRecord { Outputs = new OutputStore(_folder, TimeProvider.System) }
        );
}
