using CsCheck;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Output;

namespace ThinDeployer.Tests.Output;

/// <summary>For a long search, the environment variable <c>CsCheck_Iter</c> sets the tries.</summary>
public sealed class OutputTimesTests
{
    private static readonly Gen<OutputTime> Mark = Gen.Select(
        Gen.Long[0, long.MaxValue],
        Gen.Long[0, long.MaxValue / TimeSpan.TicksPerMillisecond],
        (position, milliseconds) => new OutputTime(position, milliseconds)
    );

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Before_the_first_mark_and_without_any_nothing_is_known()
    {
        var times = new OutputTimes([new OutputTime(5, 0), new OutputTime(9, 250)]);

        Assert.Null(OutputTimes.None.At(0));
        Assert.Null(times.At(4));
        Assert.Equal(TimeSpan.Zero, times.At(5));
        Assert.Equal(TimeSpan.Zero, times.At(8));
        Assert.Equal(TimeSpan.FromMilliseconds(250), times.At(9));
        Assert.Equal(TimeSpan.FromMilliseconds(250), times.At(long.MaxValue));
    }

    [Fact]
    public void What_comes_at_once_is_not_worth_a_byte()
    {
        var clock = new OutputClock(_time, TimeSpan.FromMilliseconds(20), OutputTimes.None);

        clock.Note(0);
        _time.Advance(TimeSpan.FromMilliseconds(99));
        clock.Note(70);

        Assert.Null(clock.Times.Encoded());
    }

    [Fact]
    public void A_byte_has_the_time_of_its_chunk_to_a_tenth_of_a_second()
    {
        var clock = new OutputClock(_time, TimeSpan.FromMilliseconds(20), OutputTimes.None);
        clock.Note(0);
        _time.Advance(TimeSpan.FromMilliseconds(90));
        clock.Note(30);
        _time.Advance(TimeSpan.FromSeconds(5));
        clock.Note(40);

        var times = OutputTimes.Decode(clock.Times.Encoded());

        Assert.Equal([20, 20, 20, 5_110], new[] { 0L, 30, 39, 40 }.Select(at => times.At(at)!.Value.TotalMilliseconds));
        Assert.Equal(5, clock.Times.Encoded()!.Length);
    }

    [Fact]
    public void An_output_that_goes_on_keeps_what_was_noted_before()
    {
        var before = new OutputTimes([new OutputTime(0, 0), new OutputTime(50, 400)]);
        var clock = new OutputClock(_time, TimeSpan.FromMinutes(1), before);

        clock.Note(80);

        Assert.Equal([.. before.Marks, new OutputTime(80, 60_000)], clock.Times.Marks.ToArray());
    }

    [Fact]
    public void What_could_not_be_stored_and_is_replaced_has_the_time_of_what_stands_there()
    {
        var clock = new OutputClock(_time, TimeSpan.Zero, OutputTimes.None);
        clock.Note(0);
        _time.Advance(TimeSpan.FromSeconds(1));
        clock.Note(10);
        _time.Advance(TimeSpan.FromSeconds(1));

        clock.Note(10);

        Assert.Equal(2_000, clock.Times.At(10)!.Value.TotalMilliseconds);
    }

    /// <summary>From many a second to few an hour.</summary>
    [Fact]
    public void However_long_it_takes_there_are_few_marks_and_none_is_far_off()
    {
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 1_000_000].Array[1, 50], Gen.Int[1, 3_000])
            .Sample(
                (scale, delays, chunks) =>
                {
                    var time = new FakeTimeProvider();
                    var clock = new OutputClock(time, TimeSpan.Zero, OutputTimes.None);
                    var came = new double[chunks];
                    var elapsed = 0.0;
                    for (var chunk = 0; chunk < chunks; chunk++)
                    {
                        var delay = Math.Truncate(delays[chunk % delays.Length] / Math.Pow(10, scale));
                        time.Advance(TimeSpan.FromMilliseconds(delay));
                        elapsed += delay;
                        came[chunk] = elapsed;
                        clock.Note(chunk * 10L);
                    }

                    var times = clock.Times;

                    var least = 2 * OutputClock.ShortestDistance;
                    var most = Math.Max(least, 4 * elapsed / OutputClock.MostMarks);
                    return times.Marks.Length <= OutputClock.MostMarks
                        && (times.Encoded()?.Length ?? 0) <= OutputClock.MostMarks * 10
                        && came.Index()
                            .All(one =>
                                times.At((one.Index * 10L) + 9)!.Value.TotalMilliseconds is var told
                                && told <= one.Item
                                && one.Item - told < most
                            );
                }
            );
    }

    [Fact]
    public void What_is_encoded_is_decoded_as_it_was()
    {
        Mark.Array[1, 50]
            .Select(marks =>
                marks
                    .Select(mark => mark.Position)
                    .Order()
                    .Zip(marks.Select(mark => mark.Milliseconds).Order(), (at, then) => new OutputTime(at, then))
                    .ToArray()
            )
            .Where(marks => marks[^1].Milliseconds >= OutputClock.ShortestDistance)
            .Sample(marks => OutputTimes.Decode(new OutputTimes(marks).Encoded()).Marks.SequenceEqual(marks));
    }

    [Fact]
    public void What_is_damaged_is_read_as_far_as_it_goes()
    {
        Gen.Byte.Array[0, 100]
            .Sample(bytes =>
            {
                var marks = OutputTimes.Decode(bytes).Marks.ToArray();

                return marks.Length <= bytes.Length / 2
                    && marks
                        .Zip(marks.Skip(1))
                        .All(pair =>
                            pair.First.Position <= pair.Second.Position
                            && pair.First.Milliseconds <= pair.Second.Milliseconds
                        )
                    && (marks.Length == 0 || OutputTimes.Decode(bytes).At(long.MaxValue) is not null);
            });
    }
}
