namespace ThinDeployer.Machines;

/// <summary>What this machine has to tell its front: signed, and told again until it is sure that it arrived.</summary>
/// <param name="line">The transport.</param>
/// <param name="keys">Of this machine.</param>
internal sealed class AgentLink(IAgentLine line, MachineKeys keys, TimeProvider time)
{
    /// <summary>How long a message waits that did not arrive, unless the transport comes back earlier.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private TaskCompletionSource _comesBack = New();

    /// <summary>The transport is there, perhaps again.</summary>
    internal void Connected()
    {
        TaskCompletionSource back;
        lock (_lock)
        {
            (back, _comesBack) = (_comesBack, New());
        }

        back.TrySetResult();
    }

    /// <summary>Comes when it is on the transport's disk, however long that takes.</summary>
    internal async Task SendAsync(Message message, CancellationToken stop)
    {
        var envelope = Sealed(message);
        while (true)
        {
            var back = ComesBack;
            if (await TryAsync(envelope, stop))
            {
                return;
            }

            await Task.WhenAny(back, Task.Delay(TryAgain, time, stop));
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Tries once.</summary>
    /// <param name="patience">What the transport gets; what is older is of no use.</param>
    internal async Task TrySendAsync(Message message, TimeSpan patience, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await TryAsync(Sealed(message), either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The transport takes nothing now.
        }
    }

    private Task ComesBack
    {
        get
        {
            lock (_lock)
            {
                return _comesBack.Task;
            }
        }
    }

    private Envelope Sealed(Message message)
    {
        var now = time.GetUtcNow();
        return keys.Reports.Seal(message, Guid.CreateVersion7(now).ToString(), now);
    }

    private async Task<bool> TryAsync(Envelope envelope, CancellationToken stop)
    {
        try
        {
            await line.SendReportAsync(envelope, stop);
            return true;
        }
        catch (LineDownException)
        {
            // The transport says so itself.
            return false;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
