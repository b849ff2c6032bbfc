using Microsoft.Extensions.Logging;

namespace ThinDeployer.Deployments;

/// <summary>
/// Saves what must be saved, however long the disk is full: what runs goes on, and its next state waits here.
/// </summary>
internal sealed partial class PatientRecord(IDeploymentRecord record, TimeProvider time, ILogger<PatientRecord> logger)
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    /// <summary>False when the server ended before it could be saved. At least one attempt is made.</summary>
    internal async Task<bool> SaveAsync(Func<IDeploymentRecord, Task> save, CancellationToken shutdown)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await save(record);
                return true;
            }
            catch (RecordUnavailableException exception)
            {
                if (attempt == 1)
                {
                    Log.Waits(logger, exception.Message);
                }
            }

            try
            {
                await Task.Delay(TryAgain, time, shutdown);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    /// <summary>Saves what may be left out while the disk is full.</summary>
    internal async Task TryAsync(Func<IDeploymentRecord, Task> save)
    {
        try
        {
            await save(record);
        }
        catch (RecordUnavailableException exception)
        {
            Log.LeftOut(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A deployment's state can't be saved and waits: {Reason}")]
        internal static partial void Waits(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "How far a deployment has come can't be saved: {Reason}")]
        internal static partial void LeftOut(ILogger logger, string reason);
    }
}
