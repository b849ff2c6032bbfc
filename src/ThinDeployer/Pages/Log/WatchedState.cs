using System.Buffers;
using System.Text.Json;
using ThinDeployer.Deployments;
using ThinDeployer.Http;
using ThinDeployer.Lines;

namespace ThinDeployer.Pages.Log;

/// <summary>How a deployment stands that somebody watches: written once for all who do, and only when something has changed.</summary>
internal sealed class WatchedState(Desk desk, DeploymentEntry entry, OutputLines lines) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _left = new();
    private StateMoment _moment;
    private Task<byte[]>? _written;
    private int _watchers;

    /// <summary>As <see cref="StateJson"/>, of a moment or a later one.</summary>
    internal Task<byte[]> AtAsync(StateMoment moment, FollowedOutput output)
    {
        lock (_lock)
        {
            if (_written is null || _written.IsFaulted || !moment.IsIn(_moment))
            {
                _moment = moment;
                // On its own: who began it may leave, and others wait for it.
                var left = _left.Token;
                _written = Task.Run(() => Write(output, left), left);
            }

            return _written;
        }
    }

    internal void Enter() => _watchers++;

    /// <summary>True for the last one.</summary>
    internal bool Leave() => --_watchers == 0;

    /// <summary>Nobody waits for what is still written.</summary>
    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    private byte[] Write(FollowedOutput output, CancellationToken left)
    {
        var state = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(state, Answers.WriterOptions))
        {
            JsonSerializer.Serialize(json, StateOf(output, left), LogJson.Default.StateJson);
        }

        return state.WrittenSpan.ToArray();
    }

    private StateJson StateOf(FollowedOutput output, CancellationToken left)
    {
        var log = DeploymentLog.Of(output, entry.Id, lines, left);
        var seen = output.End?.Result is { } result
            ? new SeenDeployment(result.Entry, QueuedAhead: null, WaitsFor: null)
            : desk.Now(desk.Find(entry.Id) ?? entry);
        // One that has steps of its own has no machines.
        var now = seen.Entry.Steps.Count > 0 ? seen : seen with { Machines = desk.Machines(seen.Entry) };
        log = log.With(OnMachines.AsStep(now.Entry, now.Machines));
        return new StateJson(
            now.Entry.Status.Name(),
            Shown.Standing(now),
            log.Lines.Total,
            log.Content.End,
            log.IsComplete,
            [.. log.Steps.Zip(log.Ranges, StepStateJson.Of)]
        );
    }
}

/// <summary>A moment of a deployment.</summary>
/// <param name="HasEnded">Then the rest does not matter.</param>
/// <param name="Version">Of its output.</param>
/// <param name="Change">The last one of its service.</param>
internal readonly record struct StateMoment(bool HasEnded, long Version, long Change)
{
    /// <summary>Whether what was written at another moment tells of this one, too.</summary>
    internal bool IsIn(StateMoment written) =>
        written.HasEnded || (!HasEnded && Version <= written.Version && Change <= written.Change);
}
