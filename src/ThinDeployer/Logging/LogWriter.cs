using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ThinDeployer.Logging;

/// <summary>
/// Writes the log to one place, on a thread of its own, which makes the lines, too. However slow the place is, only this
/// thread waits for it.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    /// <summary>What comes within is written together: a line each would cost a write each.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(50);

    /// <summary>After a write that failed.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    /// <summary>At the end, for what still waits.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(2);

    /// <summary>How long a loss is a reason to complain.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(1);

    /// <summary>Bytes that are written at once.</summary>
    private const int Chunk = 64 * 1024;

    private readonly ILogTarget _target;
    private readonly Func<LogEntry, string> _format;
    private readonly Action<LogEntry> _complain;
    private readonly TimeProvider _time;
    private readonly LogQueue _queue;
    private readonly ManualResetEventSlim _end = new(initialState: false, spinCount: 0);
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly Thread _thread;
    private volatile string? _fault;

    /// <param name="target">Where to; it is disposed with this.</param>
    /// <param name="format">Makes an entry text, without the end of the line.</param>
    /// <param name="complain">Tells somebody else that the target can't be written.</param>
    /// <param name="time">The clock.</param>
    internal LogWriter(ILogTarget target, Func<LogEntry, string> format, Action<LogEntry> complain, TimeProvider time)
    {
        _target = target;
        _format = format;
        _complain = complain;
        _time = time;
        _queue = new LogQueue(time);
        _thread = new Thread(WriteAll) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Why lines are being lost, or will soon be: a sentence; null where all is well.</summary>
    internal string? Trouble =>
        _fault is { } fault ? $"The log can't be written to {_target.Name}: {fault}"
        : _queue.Lost is { Count: > 0 and var count, Ago: var ago } && ago < Recently
            ? $"The log can't be written to {_target.Name} as fast as it comes; lines lost so far: {count}"
        : null;

    /// <summary>Lines that were lost so far.</summary>
    internal long Lost => _queue.Lost.Count;

    /// <summary>As <see cref="ILogTarget.Bytes"/>.</summary>
    internal long? Bytes => _target.Bytes;

    /// <summary>Never waits.</summary>
    internal void Write(LogEntry entry) => _queue.Add(entry);

    /// <summary>Takes no more.</summary>
    internal void Close()
    {
        _end.Set();
        _queue.Close();
    }

    /// <summary>Writes what waits, as far as that can be done soon. A target that hangs keeps its thread, and nobody else.</summary>
    public void Dispose()
    {
        Close();
        if (_thread.Join(LastPatience))
        {
            _target.Dispose();
            _queue.Dispose();
            _end.Dispose();
        }
    }

    private void WriteAll()
    {
        while (!_end.IsSet)
        {
            _queue.WaitForNews();
            _end.Wait(Together);
            WriteWaiting();
        }

        while (WriteWaiting())
        {
            // Once more, for what came meanwhile.
        }
    }

    /// <summary>False when nothing will come any more.</summary>
    private bool WriteWaiting()
    {
        var (entries, lost) = _queue.Take();
        if (entries is not null)
        {
            Write(entries, lost);
        }

        return entries is not null;
    }

    private void Write(List<LogEntry> entries, long lost)
    {
        var inChunk = 0;
        foreach (var entry in entries)
        {
            Append(entry);
            inChunk++;
            if (_lines.WrittenCount >= Chunk)
            {
                Flush(inChunk);
                inChunk = 0;
            }
        }

        if (lost > 0)
        {
            Append(
                Own(
                    $"{lost} lines of the log were lost here: they came faster than they could be written",
                    "Lines",
                    lost
                )
            );
        }

        Flush(inChunk);
    }

    /// <summary>One that can't be made into text is told instead: a thread that fails would end the program.</summary>
    private void Append(LogEntry entry)
    {
        string line;
        try
        {
            line = _format(entry);
        }
#pragma warning disable CA1031 // Whatever it is, all other lines must be written.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            line = _format(Own("A line of the log could not be made", "Fault", exception.GetType().Name));
        }

        Encoding.UTF8.GetBytes(line, _lines);
        _lines.Write("\n"u8);
    }

    /// <summary>Goes on until it is written: what can't be now waits, and the queue is the limit.</summary>
    private void Flush(int entries)
    {
        while (_lines.WrittenCount > 0 && !TryWrite())
        {
            if (_end.Wait(TryAgain))
            {
                break;
            }
        }

        _lines.ResetWrittenCount();
        _queue.Written(entries);
    }

    private bool TryWrite()
    {
        try
        {
            _target.Write(_lines.WrittenSpan);
            _fault = null;
            return true;
        }
#pragma warning disable CA1031 // Whatever it is, the lines wait and are written later.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (_fault is null)
            {
                _complain(
                    Own($"The log can't be written to {_target.Name}: {exception.Message}", "Target", _target.Name)
                );
            }

            _fault = exception.Message;
            return false;
        }
    }

    private LogEntry<KeyValuePair<string, object?>[]> Own(string message, string fact, object value) =>
        new(_time.GetUtcNow(), LogLevel.Warning, LogQueue.Room, [new(fact, value)], exception: null, (_, _) => message);
}
