using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Pages;

namespace ThinDeployer.Tests.Pages;

public sealed class ExaminationTests
{
    private static readonly IReadOnlyList<Examined> Found = [new Examined("ok", "configuration", "good", Cure: null)];

    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource<IReadOnlyList<Examined>> _end = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private int _count;

    [Fact]
    public async Task Who_waits_too_long_is_told_and_may_ask_again()
    {
        var examination = Examination();
        var first = examination.FindAsync(CancellationToken.None);

        _time.Advance(Patience);
        Assert.Null(await first);
        var second = examination.FindAsync(CancellationToken.None);
        _end.SetResult(Found);

        Assert.Equal(Found, await second);
        Assert.Equal(1, _count);
    }

    [Fact]
    public async Task One_that_has_ended_is_not_shown_again()
    {
        var examination = Examination();
        _end.SetResult(Found);
        await examination.FindAsync(CancellationToken.None);

        await examination.FindAsync(CancellationToken.None);

        Assert.Equal(2, _count);
    }

    private static TimeSpan Patience => ThinDeployer.Pages.Examination.Patience;

    private Examination Examination() =>
        new(
            new OperatorTexts(
                _ => "",
                () =>
                {
                    Interlocked.Increment(ref _count);
                    return _end.Task;
                }
            ),
            _time
        );
}
