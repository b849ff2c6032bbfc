using ThinDeployer.Deployments;
using ThinDeployer.Output;
using ThinDeployer.Security;

namespace ThinDeployer.Machines;

/// <summary>
/// The deployment of one machine as its front follows it. Its rollout guards it: one change comes after the other, each is
/// saved before the next.
/// </summary>
internal sealed class RolloutChild
{
    private readonly IDeploymentRecord _record;
    private readonly TimeProvider _time;
    private readonly MachineLines _lines;
    private readonly List<StepResult> _steps;

    /// <summary>How it ended, while that is not saved.</summary>
    private DeploymentEntry? _ending;

    private RolloutChild(
        DeploymentEntry entry,
        Deployment live,
        MachineLines lines,
        IDeploymentRecord record,
        TimeProvider time
    )
    {
        Entry = entry;
        Live = live;
        _lines = lines;
        _record = record;
        _time = time;
        _steps = [.. entry.Steps, .. entry.Hooks];
        if (entry.StartedAt is { } startedAt)
        {
            NoteTimes(startedAt);
        }
    }

    internal DeploymentEntry Entry { get; private set; }

    internal ChildPlace Place => Entry.Child!;

    internal string Machine => Place.Machine;

    /// <summary>For who follows its output.</summary>
    internal Deployment Live { get; }

    internal bool HasEnded => Entry.Status.IsEnd();

    /// <summary>When its order was sent, in this run of the program; null where it is still to be sent.</summary>
    internal DateTimeOffset? SentAt { get; set; }

    /// <summary>Whether its order is on its way to the transport.</summary>
    internal bool IsBeingSent { get; set; }

    /// <summary>Who has cancelled it; null for nobody.</summary>
    internal string? CancelledBy { get; set; }

    /// <summary>When the machine said something of it last, in this run of the program.</summary>
    internal DateTimeOffset? HeardAt { get; set; }

    /// <summary>How far its machine's output is here: bytes.</summary>
    internal long Position => Place.SeenPosition + Live.Output.Length - Place.SeenBytes;

    /// <summary>Begins and ends of steps that are here.</summary>
    private int Marks => (_steps.Count * 2) - (_steps is [.., { Status: DeploymentStatus.Running }] ? 1 : 0);

    /// <param name="entry">Not ended.</param>
    /// <param name="whole">Whose part it is.</param>
    /// <param name="lead">Of its lines in the output of the whole.</param>
    /// <param name="linesThere">So many stand there.</param>
    /// <param name="record">Where it is kept.</param>
    /// <param name="time">The clock.</param>
    internal static async Task<RolloutChild> OpenAsync(
        DeploymentEntry entry,
        Deployment whole,
        string lead,
        long linesThere,
        IDeploymentRecord record,
        TimeProvider time
    )
    {
        // What its machine masks is masked already, and positions must stay those of the machine.
        var plan = whole.Plan with
        {
            Secrets = SecretMask.Nothing,
        };
        var goesOn = new OutputFiles(record.Outputs, entry.Id).WholeLength > 0;
        var live = goesOn ? Deployment.Interrupted(entry, plan, record) : Deployment.Restored(entry, plan, record);
        var child = new RolloutChild(entry, live, new MachineLines(whole.Output, lead, linesThere), record, time);
        if (goesOn)
        {
            await OutputReader.ReadAsync(live.Output.Content, child.TakeAgain, CancellationToken.None);
        }

        for (var number = 1; number <= child._steps.Count; number++)
        {
            child.Mark(number, child._steps[number - 1]);
        }

        return child;
    }

    /// <summary>Its order may go out.</summary>
    internal Task QueueAsync(DateTimeOffset expires) =>
        SaveAsync(Entry with { Status = DeploymentStatus.Queued, Child = Place with { Expires = expires } });

    /// <summary>Its machine has its order, and may have begun.</summary>
    internal Task TakenAsync(DateTimeOffset? startedAt)
    {
        if (startedAt is null)
        {
            // Saved with what comes next.
            Entry = Entry with
            {
                Child = Place with { IsTaken = true },
            };
            return Task.CompletedTask;
        }

        if (Entry.Status is DeploymentStatus.Running)
        {
            return Task.CompletedTask;
        }

        NoteTimes(startedAt.Value);
        return SaveAsync(
            Entry with
            {
                Status = DeploymentStatus.Running,
                StartedAt = startedAt,
                Child = Place with { IsTaken = true },
            }
        );
    }

    /// <summary>Takes what is new of it; what came before is passed over.</summary>
    internal async Task TakeAsync(OrderProgress progress)
    {
        if (progress.Output is { } bytes)
        {
            await WriteAsync(progress, bytes);
        }
        else if (progress.Step is { } step)
        {
            await StepAsync(progress, StepOf(step));
        }
        else if (progress.End is { } end)
        {
            var all = end.Steps.Select(StepOf).ToList();
            await EndAsync(
                Entry with
                {
                    Status =
                        DeploymentStatuses.Parse(end.Status) is { } status && status.IsEnd()
                            ? status
                            : DeploymentStatus.Interrupted,
                    StartedAt = TimeOf(end.StartedAt),
                    FinishedAt = TimeOf(end.FinishedAt),
                    Duration = end.DurationMs is { } duration ? TimeSpan.FromMilliseconds(duration) : null,
                    CancelledBy = CancelledBy ?? end.CancelledBy,
                    HookStatus = end.HookStatus is { } hook ? DeploymentStatuses.Parse(hook) : null,
                    WrittenSummary = end.Summary,
                    Steps = [.. all.Where(one => one.Hook is null)],
                    Hooks = [.. all.Where(one => one.Hook is not null)],
                }
            );
        }
    }

    /// <summary>Ends one that did not run, or of which nothing is known.</summary>
    internal Task EndAsync(DeploymentStatus status, string note, bool isSkipped = false, string? by = null) =>
        EndAsync(
            Entry with
            {
                Status = status,
                FinishedAt = _time.GetUtcNow(),
                CancelledBy = by,
                Child = Place with { Note = note, IsSkipped = isSkipped },
            }
        );

    /// <summary>The server ends, and its next run goes on.</summary>
    internal void Leave()
    {
        Live.Output.Leave();
        Live.Finish(result: null);
    }

    private async Task EndAsync(DeploymentEntry end)
    {
        if (HasEnded)
        {
            return;
        }

        if (_ending is null)
        {
            _lines.End();
            _ending = end.With(Live.Output.Finish());
        }

        await SaveAsync(_ending);
        Live.Output.Release();
        Live.Finish(new DeploymentResult(Entry, Live.Output.Content));
    }

    private async Task WriteAsync(OrderProgress progress, byte[] bytes)
    {
        var position = Position;
        var isWhole = progress.To - progress.From == bytes.Length;
        if (progress.To <= position)
        {
            return;
        }

        if (progress.From > position)
        {
            var gap = System.Text.Encoding.UTF8.GetBytes(
                $"\n[… {progress.From - position} bytes of output did not arrive; {Machine} keeps them …]\n"
            );
            Take(gap);
            isWhole = false;
        }

        Take(isWhole && progress.From < position ? bytes[(int)(position - progress.From)..] : bytes);
        if (!isWhole)
        {
            await SaveAsync(
                Entry with
                {
                    Child = Place with { SeenPosition = progress.To, SeenBytes = Live.Output.Length },
                }
            );
        }
    }

    private void Take(byte[] bytes)
    {
        Live.Output.Write(bytes);
        _lines.Write(bytes);
    }

    private ValueTask TakeAgain(ReadOnlyMemory<byte> piece)
    {
        _lines.Write(piece.Span);
        return ValueTask.CompletedTask;
    }

    /// <summary>Its begin has an odd place, its end the even one behind it.</summary>
    private async Task StepAsync(OrderProgress progress, StepResult step)
    {
        if (progress.ToMarks <= Marks)
        {
            return;
        }

        var number = Math.Min((progress.ToMarks + 1) / 2, _steps.Count + 1);
        if (number > _steps.Count)
        {
            _steps.Add(step);
        }
        else
        {
            _steps[number - 1] = step;
        }

        Mark(number, step);
        if (step.Status is not DeploymentStatus.Running)
        {
            await SaveAsync(
                Entry with
                {
                    Steps = [.. _steps.Where(one => one.Hook is null)],
                    Hooks = [.. _steps.Where(one => one.Hook is not null)],
                    OutputBytes = Live.Output.Length,
                }
            );
        }
    }

    private void Mark(int number, StepResult step) =>
        Live.Output.Mark(position => new StepMark(position, number, step));

    private void NoteTimes(DateTimeOffset startedAt)
    {
        var since = _time.GetUtcNow() - startedAt;
        Live.Output.NoteTimes(_time, since > TimeSpan.Zero ? since : TimeSpan.Zero);
        Live.Started ??= new Moment(startedAt, _time.GetTimestamp());
    }

    private async Task SaveAsync(DeploymentEntry entry)
    {
        await _record.SaveChildAsync(entry);
        Entry = entry;
        Live.Decided(entry);
    }

    private static DateTimeOffset? TimeOf(long? milliseconds) =>
        milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    private static StepResult StepOf(ReportedStep step) =>
        new(
            step.Command,
            DeploymentStatuses.Parse(step.Status) ?? DeploymentStatus.Interrupted,
            step.ExitCode,
            step.Attempts,
            step.Message,
            DateTimeOffset.FromUnixTimeMilliseconds(step.StartedAt),
            step.DurationMs is { } duration ? TimeSpan.FromMilliseconds(duration) : null,
            step.OutputStart,
            step.OutputEnd,
            step.Hook
        );
}
