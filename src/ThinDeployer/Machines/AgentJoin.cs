namespace ThinDeployer.Machines;

/// <summary>
/// Asks a front to let this machine in. Whatever is cut off, the same code and key again have the same result: that the front has
/// let it in is seen by the password, which only both of them can know.
/// </summary>
/// <param name="code">Of the front.</param>
/// <param name="identity">Of this machine, on disk already.</param>
/// <param name="keys">Of it.</param>
/// <param name="lineBy">The transport, by the password of this machine's login.</param>
/// <param name="say">Tells people what it waits for: a part of a sentence.</param>
internal sealed class AgentJoin(
    JoinCode code,
    MachineIdentity identity,
    MachineKeys keys,
    Func<string, IAgentLine> lineBy,
    Action<string> say,
    TimeProvider time
)
{
    /// <summary>How long the transport may take to let a login in.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the front is asked.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(15);

    private string? _said;

    /// <param name="mayBeIn">Whether the front may have been asked before, by a program that then ended.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>False when the code is over, and the front has not let this machine in.</returns>
    internal async Task<bool> RunAsync(bool mayBeIn, CancellationToken stop)
    {
        while (true)
        {
            if (mayBeIn && await IsInAsync(stop))
            {
                return true;
            }

            if (time.GetUtcNow() >= code.Until)
            {
                return false;
            }

            if (await AskAsync(stop))
            {
                return true;
            }

            mayBeIn = true;
        }
    }

    private Task<bool> IsInAsync(CancellationToken stop) =>
        WithAsync(keys.Password, TakesNothing, (_, _) => Task.FromResult(true), stop);

    private async Task<bool> AskAsync(CancellationToken stop)
    {
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return await WithAsync(code.FirstPassword, Take, AskAsync, stop);

        Task Take(Envelope envelope)
        {
            if (keys.Orders.Open(envelope) is not { Joined.Machine: var machine } || machine != identity.Machine)
            {
                return TakesNothing(envelope);
            }

            joined.TrySetResult();
            return Task.CompletedTask;
        }

        async Task<bool> AskAsync(IAgentLine line, CancellationToken lost)
        {
            while (!joined.Task.IsCompleted && time.GetUtcNow() < code.Until && line.Trouble is null)
            {
                await line.SendReportAsync(Envelope(), lost);
                Say($"asked to be let in as {identity.Machine}; waits for the front");
                await Task.WhenAny(joined.Task, Task.Delay(AskAgain, time, lost));
                lost.ThrowIfCancellationRequested();
            }

            return joined.Task.IsCompleted;
        }
    }

    /// <summary>An order is for the time after.</summary>
    private static Task TakesNothing(Envelope envelope) =>
        throw new OrderNotTakenException("This machine has not joined yet.");

    private async Task<bool> WithAsync(
        string password,
        Func<Envelope, Task> take,
        Func<IAgentLine, CancellationToken, Task<bool>> use,
        CancellationToken stop
    )
    {
        await using var line = lineBy(password);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = line.RunAsync(
            take,
            envelope => ControlAsync(take, envelope),
            () => connected.TrySetResult(),
            end.Token
        );
        try
        {
            await ConnectsAsync(line, connected.Task, end.Token);
            stop.ThrowIfCancellationRequested();
            if (connected.Task.IsCompleted)
            {
                return await use(line, end.Token);
            }

            Say($"waits for the broker: {line.Trouble}");
            return false;
        }
        catch (LineDownException exception)
        {
            Say($"waits for the broker: {exception.Message}");
            return false;
        }
        finally
        {
            await end.CancelAsync();
            await running;
        }
    }

    /// <summary>Comes when it is connected, can't be, or the patience is over.</summary>
    private async Task ConnectsAsync(IAgentLine line, Task connected, CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        var trouble = line.Trouble;
        while (!connected.IsCompleted && line.Trouble == trouble && time.GetElapsedTime(begun) < Patience)
        {
            await Task.WhenAny(connected, Task.Delay(Look, time, stop));
            stop.ThrowIfCancellationRequested();
        }
    }

    private static async Task ControlAsync(Func<Envelope, Task> take, Envelope envelope)
    {
        try
        {
            await take(envelope);
        }
        catch (OrderNotTakenException)
        {
            // The front says it again.
        }
    }

    /// <summary>It is not signed: the front does not know the key yet that it carries, and proves.</summary>
    private Envelope Envelope()
    {
        var now = time.GetUtcNow();
        var key = identity.PublicKey;
        var join = new Join(identity.Machine, key, JoinCode.ProofOf(code.Secret, identity.Machine, key));
        return new Envelope(
            Guid.CreateVersion7(now).ToString(),
            now.ToUnixTimeSeconds(),
            Signature: "",
            new Message { Join = join }.ToJson()
        );
    }

    private void Say(string what)
    {
        if (what != _said)
        {
            _said = what;
            say(what);
        }
    }
}
