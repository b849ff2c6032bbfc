using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Deployments;

public sealed class OwnedTasksTests
{
    private readonly OwnedTasks _tasks = new();
    private readonly TaskCompletionSource _first = new();
    private readonly TaskCompletionSource _second = new();

    [Fact]
    public async Task What_a_task_began_is_waited_for()
    {
        _tasks.Add(BeginAsync());

        await IsWaitedForAsync();
    }

    [Fact]
    public async Task What_a_task_began_is_waited_for_even_if_it_failed()
    {
        _tasks.Add(FailAsync());

        await IsWaitedForAsync();
    }

    private async Task BeginAsync()
    {
        await _first.Task;
        _tasks.Add(_second.Task);
    }

    private async Task FailAsync()
    {
        await BeginAsync();
        throw new InvalidOperationException("Told to who asked for it");
    }

    private async Task IsWaitedForAsync()
    {
        var all = _tasks.AllDoneAsync();
        _first.SetResult();
        Assert.False(all.IsCompleted);
        _second.SetResult();
        await all;
    }
}
