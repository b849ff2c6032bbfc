using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ThinDeployer.Output;

/// <summary>
/// Reads a pipe so that one who prints much is not held up. Woken for each of its writes, a reader spends more time on that
/// than on reading, and takes it from the printing process; so what comes is let gather, in a wider pipe.
/// </summary>
/// <remarks>Not for use by two readers at once.</remarks>
internal sealed partial class GatheringPipe(PipeStream pipe, ShortPause pause) : IAsyncDisposable
{
    /// <summary>Who prints so much at a time goes on doing so. Bytes.</summary>
    private const int Much = 4 * 1024;

    /// <summary>As wide as anyone may make it (pipe(7), "/proc/sys/fs/pipe-max-size"). Bytes.</summary>
    private const int Wide = 1024 * 1024;

    private PipeStream _pipe = pipe;
    private bool _isWide;

    /// <summary>
    /// Whether the runtime's event loop watches it. It does so from the first read that has to wait on, and is then woken for
    /// each write, whether anybody reads or not.
    /// </summary>
    private bool _isWatched;
    private bool _gathers;

    /// <summary>Whether a read would not have to wait.</summary>
    internal bool IsReadable
    {
        get
        {
            const short readable = 1;
            var descriptor = new PollDescriptor { Handle = (int)Handle.DangerousGetHandle(), Wanted = readable };
            return Poll(ref descriptor, 1, 0) > 0;
        }
    }

    private SafePipeHandle Handle => _pipe.SafePipeHandle;

    /// <returns>How many bytes; 0 at the end.</returns>
    internal async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        if (_gathers)
        {
            _gathers = false;
            await GatherAsync();
        }

        var reading = _pipe.ReadAsync(into, cancellationToken);
        _isWatched |= !reading.IsCompleted;
        var count = await reading;

        // Where there was no room for more, there is more already.
        _gathers = count >= Much && count < into.Length;
        return count;
    }

    /// <summary>For one who reads on when this is disposed of.</summary>
    internal AnonymousPipeClientStream Duplicate()
    {
        const int duplicateCloseOnExec = 1030;
        var copy = Control(Handle, duplicateCloseOnExec, 0);
        return new AnonymousPipeClientStream(PipeDirection.In, new SafePipeHandle(copy, ownsHandle: true));
    }

    public ValueTask DisposeAsync() => _pipe.DisposeAsync();

    private async Task GatherAsync()
    {
        _isWide = _isWide || Widen(Handle);
        if (!_isWide)
        {
            // This user has too many wide pipes already.
            return;
        }

        if (_isWatched && Reopen(Handle) is { } unwatched)
        {
            await _pipe.DisposeAsync();
            _pipe = unwatched;
            _isWatched = false;
        }

        // A process that prints 500 MB/s fills half of the wide pipe meanwhile.
        await pause.PassAsync();
    }

    private static bool Widen(SafePipeHandle handle)
    {
        const int setPipeSize = 1031;
        return Control(handle, setPipeSize, Wide) >= Wide;
    }

    /// <summary>The same pipe once more; null where that can't be.</summary>
    private static AnonymousPipeClientStream? Reopen(SafePipeHandle handle)
    {
        const int readOnly = 0;
        const int nonBlocking = 0x800;
        const int closeOnExec = 0x80000;
        var path = $"/proc/self/fd/{handle.DangerousGetHandle()}";
        var copy = Open(path, readOnly | nonBlocking | closeOnExec);
        return copy.IsInvalid ? null : new AnonymousPipeClientStream(PipeDirection.In, copy);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(SafePipeHandle handle, int command, int argument);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafePipeHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Handle;
        public short Wanted;
        public short Seen;
    }
}
