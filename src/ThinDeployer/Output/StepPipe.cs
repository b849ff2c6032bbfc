using System.Buffers;
using System.IO.Pipes;

namespace ThinDeployer.Output;

/// <summary>
/// Reads what a step prints. A daemon that the step started may hold the pipe open for ever, so the end of a step is
/// the exit of its process: what is in the pipe by then is read, and no more is waited for.
/// </summary>
internal sealed class StepPipe(DeploymentOutput log, ShortPause pause, TimeProvider time)
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>A daemon may stay for months, and say little.</summary>
    private const int DrainedBytes = 1024;

    /// <summary>Silence after the exit that counts as the end.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(100);

    /// <summary>A daemon that never falls silent is listened to for this long after the exit.</summary>
    private static readonly TimeSpan ListenAtMost = TimeSpan.FromSeconds(2);

    /// <param name="stream">It is disposed of.</param>
    /// <param name="exited">Cancelled when the step's process has exited.</param>
    internal async Task ReadAsync(PipeStream stream, CancellationToken exited)
    {
        await using var pipe = new GatheringPipe(stream, pause);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            if (await ReadUntilExitAsync(pipe, buffer, exited) || await ReadRestAsync(pipe, buffer))
            {
                return;
            }

            // Closing our end would kill the daemon by SIGPIPE at its next line.
            _ = DrainAsync(pipe.Duplicate());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>True at the end of the pipe; false when someone else holds it open.</summary>
    private async Task<bool> ReadRestAsync(GatheringPipe pipe, byte[] buffer)
    {
        var since = time.GetTimestamp();
        do
        {
            var count = await ReadSoonAsync(pipe, buffer);
            if (count is null or 0)
            {
                return count is 0;
            }

            log.Write(buffer.AsSpan(0, count.Value));
        } while (time.GetElapsedTime(since) < ListenAtMost);

        return false;
    }

    /// <summary>True at the end of the pipe; false when the process exited before.</summary>
    private async Task<bool> ReadUntilExitAsync(GatheringPipe pipe, byte[] buffer, CancellationToken exited)
    {
        try
        {
            while (await pipe.ReadAsync(buffer, exited) is > 0 and var count)
            {
                log.Write(buffer.AsSpan(0, count));
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Null when nothing came in time; 0 at the end of the pipe.</summary>
    private async Task<int?> ReadSoonAsync(GatheringPipe pipe, byte[] buffer)
    {
        using var patience = new CancellationTokenSource(Silence, time);
        try
        {
            return await pipe.ReadAsync(buffer, patience.Token);
        }
        catch (OperationCanceledException)
        {
            // On a busy machine the time may be up before the read was even tried.
            return pipe.IsReadable ? await pipe.ReadAsync(buffer, CancellationToken.None) : null;
        }
    }

    private static async Task DrainAsync(PipeStream pipe)
    {
        var buffer = new byte[DrainedBytes];
        await using (pipe)
        {
            try
            {
                while (await pipe.ReadAsync(buffer, CancellationToken.None) > 0) { }
            }
            catch (IOException)
            {
                // Whatever it is, nobody waits for this output.
            }
        }
    }
}
