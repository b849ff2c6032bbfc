using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using ThinDeployer.Logging;

namespace ThinDeployer.Tests.Logging;

public sealed class LogOutputsTests
{
    private const string Ours = "ThinDeployer.Test";

    [Fact]
    public void All_that_was_said_is_written_at_the_end_in_order()
    {
        var target = new Target();
        using (var outputs = new LogOutputs([target], asJson: false, TimeProvider.System))
        {
            Say(outputs, Ours, count: 3_000);
            outputs.Dispose();
        }

        Assert.Equal(Enumerable.Range(0, 3_000).Select(i => $"INFO  line {i}"), target.Lines.Select(Without));
    }

    [Fact]
    public void Requests_find_no_room_first_and_what_matters_last_and_the_loss_is_counted()
    {
        var stuck = new Target { IsStuck = true };
        using (var outputs = new LogOutputs([stuck], asJson: false, TimeProvider.System))
        {
            Say(outputs, Ours, count: 1);
            stuck.Begun.Wait();
            Say(outputs, Ours, LogQueue.RoomForRequests + 100, LineKind.Request);
            Say(outputs, Ours, LogQueue.RoomForFirsts, LineKind.FirstOfAddress);
            Say(outputs, Ours, LogQueue.Room);

            Assert.Contains("the target", outputs.Trouble, StringComparison.Ordinal);
            stuck.Release();
        }

        var written = stuck.Lines.Count(line => line.Contains(" INFO ", StringComparison.Ordinal));
        Assert.Equal(LogQueue.Room, written);
        var lost = (LogQueue.RoomForRequests + 100 + LogQueue.RoomForFirsts + LogQueue.Room + 1) - LogQueue.Room;
        Assert.EndsWith(
            $"WARN  {lost} lines of the log were lost here: they came faster than they could be written",
            stuck.Lines.Last(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_strangers_make_others_warn_of_finds_no_more_room_than_a_request()
    {
        var stuck = new Target { IsStuck = true };
        using (var outputs = new LogOutputs([stuck], asJson: false, TimeProvider.System))
        {
            Say(outputs, Ours, count: 1);
            stuck.Begun.Wait();
            Say(outputs, "Microsoft.AspNetCore.Anything", LogQueue.Room);
            Say(outputs, Ours, count: 1);
            stuck.Release();
        }

        Assert.Equal(
            LogQueue.RoomForRequests + 1,
            stuck.Lines.Count(line => line.Contains(" INFO ", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void A_stuck_target_holds_up_neither_another_one_nor_the_end_for_long()
    {
        var stuck = new Target { IsStuck = true };
        var good = new Target();
        using (var outputs = new LogOutputs([stuck, good], asJson: false, TimeProvider.System))
        {
            Say(outputs, Ours, count: 5);
        }

        Assert.Equal(5, good.Lines.Count);
        stuck.Release();
    }

    [Fact]
    public async Task What_could_not_be_written_is_once_that_is_possible_and_others_are_told_once()
    {
        var broken = new Target { Fault = "No space left on device" };
        var good = new Target();
        using var outputs = new LogOutputs([broken, good], asJson: false, TimeProvider.System);

        Say(outputs, Ours, count: 2);
        await EventuallyAsync(() => good.Lines.Count == 3);
        var trouble = outputs.Trouble;
        broken.Fault = null;
        await EventuallyAsync(() => broken.Lines.Count == 3);

        Assert.Equal("The log can't be written to the target: No space left on device", trouble);
        Assert.Contains("WARN  The log can't be written to the target", good.Lines.Last(), StringComparison.Ordinal);
        Assert.Equal(["INFO  line 0", "INFO  line 1"], broken.Lines.Take(2).Select(Without));
        Assert.Null(outputs.Trouble);
    }

    [Fact]
    public void A_line_that_can_not_be_made_does_not_end_the_writing()
    {
        var target = new Target();
        using (var outputs = new LogOutputs([target], asJson: false, TimeProvider.System))
        {
            outputs
                .CreateLogger(Ours)
                .Log<string>(
                    LogLevel.Information,
                    default,
                    "bad",
                    exception: null,
                    (_, _) => throw new InvalidOperationException()
                );
            Say(outputs, Ours, count: 1);
        }

        Assert.Equal(["WARN  A line of the log could not be made", "INFO  line 0"], target.Lines.Select(Without));
    }

    private static string Without(string line) => line[(line.IndexOf(' ') + 1)..];

    private static void Say(LogOutputs outputs, string category, int count, EventId kind = default)
    {
        var logger = outputs.CreateLogger(category);
        for (var i = 0; i < count; i++)
        {
            logger.Say(
                LogLevel.Information,
                new FactLine("line {Number}", new KeyValuePair<string, object?>("Number", i)),
                kind
            );
        }
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private sealed class Target : ILogTarget
    {
        private readonly ManualResetEventSlim _free = new();

        internal ManualResetEventSlim Begun { get; } = new();

        internal bool IsStuck { get; init; }

        internal string? Fault { get; set; }

        internal ConcurrentQueue<string> Lines { get; } = new();

        public string Name => "the target";

        public void Write(ReadOnlySpan<byte> lines)
        {
            Begun.Set();
            if (IsStuck)
            {
                _free.Wait();
            }

            if (Fault is { } fault)
            {
                throw new IOException(fault);
            }

            foreach (var line in Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Lines.Enqueue(line);
            }
        }

        internal void Release() => _free.Set();

        public void Dispose() { }
    }
}
