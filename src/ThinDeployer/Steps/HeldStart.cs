using CliWrap;

namespace ThinDeployer.Steps;

/// <summary>
/// A shell that is started before its command may run, and waits in <c>read</c> for a line: so its start overlaps with the
/// flush of the record that tells of it, and it is in its control group before it starts anything. It ends when who would
/// send the line has.
/// </summary>
internal sealed class HeldStart
{
    /// <summary>Comes before the command.</summary>
    private const string Wait = "read -r THIN_DEPLOYER_I || exit; unset THIN_DEPLOYER_I; ";

    private static readonly byte[] GoOn = "\n"u8.ToArray();

    private readonly TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<bool> _isOnDisk;

    private readonly bool _isOwn;

    /// <param name="isOnDisk">What the command waits for.</param>
    /// <param name="isOwn">Whether it has the server's own rights; what belongs to another user waits by itself.</param>
    /// <param name="overlaps">Whether it starts before that.</param>
    private HeldStart(Task<bool> isOnDisk, bool isOwn, bool overlaps)
    {
        _isOnDisk = isOnDisk;
        _isOwn = isOwn;
        Overlaps = overlaps;
    }

    /// <param name="start">
    /// What is to run. What needs the record to start, or has another user's rights, is not started before it is on disk.
    /// </param>
    /// <returns>Null where nothing may begin: it can't be recorded.</returns>
    internal static async Task<HeldStart?> OfAsync(StepStart start)
    {
        var isOnDisk = start.Of.IsOnDisk;
        var isOwn = start.RunAs is null;
        var overlaps = isOwn && start.Of.Payload.IsEmpty && !isOnDisk.IsCompleted;
        return overlaps || await isOnDisk ? new HeldStart(isOnDisk, isOwn, overlaps) : null;
    }

    /// <summary>Whether the start comes before the record tells of it.</summary>
    internal bool Overlaps { get; }

    /// <summary>Comes when all that the step starts can be found.</summary>
    internal Task IsFound => _found.Task;

    /// <summary>What comes before the command in a shell.</summary>
    /// <param name="isPutIntoGroup">Whether somebody else does that.</param>
    internal string Script(bool isPutIntoGroup) => Waits(isPutIntoGroup) ? Wait : "";

    /// <summary>The input of the command: the line that it waits for, and its end. There is none when that can't be recorded.</summary>
    internal PipeSource Input(bool isPutIntoGroup) =>
        Waits(isPutIntoGroup)
            ? PipeSource.Create(
                async (input, cancellationToken) =>
                {
                    if (isPutIntoGroup)
                    {
                        await IsFound;
                    }

                    if (await _isOnDisk)
                    {
                        await input.WriteAsync(GoOn, cancellationToken);
                    }
                }
            )
            : PipeSource.Null;

    /// <summary>All that the step starts can be found from here on.</summary>
    internal void Found() => _found.SetResult();

    private bool Waits(bool isPutIntoGroup) => _isOwn && (Overlaps || isPutIntoGroup);
}
