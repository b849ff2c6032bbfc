using System.Globalization;
using System.Text;
using System.Text.Unicode;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Output;

/// <summary>
/// The output of one deployment: our own lines, and what the steps print, in one file. There is none until a step
/// prints, and as long as it is short it stands in one of <see cref="ShortOutputs"/>; what is short at its end is kept in
/// the record. Above the limit the first half stays, and of the rest as much as the limit allows: the end.
/// </summary>
/// <remarks>
/// What is written has left the program when <see cref="Write"/> returns: a crash loses none of it, but for the end of an
/// output that may still become a secret. Nothing gets in unmasked: all lengths and positions count masked bytes.
/// </remarks>
internal sealed class DeploymentOutput : IDisposable
{
    /// <summary>Of our own lines that are kept where nothing can be stored. Bytes.</summary>
    private const int MostKept = 64 * 1024;

    /// <summary>Bytes that wait in memory for a file where no descriptor is free.</summary>
    private const int MostPending = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly OutputFiles _files;
    private readonly long _half;
    private readonly SecretMask _secrets;
    private readonly MaskedOutput _output;

    /// <summary>All of it, as long as it is short, or has nothing but lines of ours; null from then on.</summary>
    private MemoryStream? _pending = new();

    /// <summary>Where that stands, too, from the first line of a step, or the first follower, on.</summary>
    private ShortOutput? _short;
    private int _mostShort;
    private FileStream? _file;
    private long _fileLength;

    /// <summary>0 while the first half is written, then the number of the segment of the rest.</summary>
    private int _segment;
    private long _total;

    /// <summary>Bytes that could not be stored, why, and those of them that the output does not tell of yet.</summary>
    private long _lost;
    private long _untold;
    private string _why = "";

    /// <summary>Lines of ours, as long as nothing at all could be stored; they end in the record.</summary>
    private readonly MemoryStream _kept = new();

    /// <summary>The whole output, once it has ended and has no file.</summary>
    private string? _inline;
    private byte _last = (byte)'\n';

    /// <summary>Where the middle was cut out, once the output has ended.</summary>
    private long? _head;
    private readonly OutputAudience _audience = new();
    private bool _isFinished;

    /// <summary>Null where nobody asks when it came.</summary>
    private OutputClock? _clock;

    /// <summary>What was noted before, of one that goes on, and what was cut out of it by then.</summary>
    private OutputTimes _timesBefore = OutputTimes.None;
    private long _cutBefore;

    /// <param name="files">Where it is kept.</param>
    /// <param name="maximumBytes">What is kept of it.</param>
    /// <param name="secrets">What must not stand in it.</param>
    internal DeploymentOutput(OutputFiles files, long maximumBytes, SecretMask secrets)
    {
        _files = files;
        _half = maximumBytes / 2;
        _mostShort = (int)Math.Min(maximumBytes, ShortOutput.MostBytes);
        _secrets = secrets;
        _output = new MaskedOutput(secrets);
    }

    /// <summary>Goes on with the output of one that had ended, or that a crash left.</summary>
    internal static DeploymentOutput Continue(
        OutputFiles files,
        long maximumBytes,
        SecretMask secrets,
        OutputSummary before,
        string service
    )
    {
        var joined = files.JoinLeftovers();
        var cut = Math.Max(before.CutBytes, joined.Bytes);
        var written = files.WholeLength;
        var log = new DeploymentOutput(files, maximumBytes + (2 * written), secrets)
        {
            _total = written + cut,
            _lost = cut,
            _head = joined.Head ?? before.Head,
            _fileLength = written,
            // What is not running any more has a file of its own.
            _mostShort = -1,
            _timesBefore = OutputTimes.Decode(before.Times),
        };
        log._cutBefore = log._head is null ? 0 : files.Content(log._head).End - written;
        if (written > 0)
        {
            // How its last line ends is not known.
            log._pending = null;
            log._last = 0;
        }
        else
        {
            log.Begin(before.Inline ?? secrets.Masked(StartLine(service)) + "\n");
        }

        return log;
    }

    private void Begin(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        _pending!.Write(bytes);
        _last = bytes[^1];
    }

    /// <summary>What every output begins with.</summary>
    internal static string StartLine(string service) => $" # Deployment started: {service}";

    /// <summary>From now on, it is noted when it comes.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="sinceStart">Since the start of the deployment, now.</param>
    internal void NoteTimes(TimeProvider time, TimeSpan sinceStart)
    {
        lock (_lock)
        {
            _clock = new OutputClock(time, sinceStart, _timesBefore);
        }
    }

    /// <summary>When it came, so far.</summary>
    internal OutputTimes Times
    {
        get
        {
            lock (_lock)
            {
                return TimesNow;
            }
        }
    }

    /// <summary>Writes what a step printed. What can't be stored is lost, and the output then says how much.</summary>
    /// <remarks>What comes after the end, of a process that outlived even SIGKILL, is dropped.</remarks>
    internal void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (!_isFinished)
            {
                WriteMasked(_output.Pass(bytes));
            }
        }
    }

    /// <summary>
    /// Writes a line of ours: one of a step that is not finished yet is ended first. Nothing where the output has ended, as
    /// it may have for one who only has something to tell.
    /// </summary>
    internal void WriteLine(string line)
    {
        lock (_lock)
        {
            if (_isFinished)
            {
                return;
            }

            WriteMasked(_output.End());
            var bytes = Encoding.UTF8.GetBytes((_last == (byte)'\n' ? "" : "\n") + _secrets.Masked(line) + "\n");
            _last = (byte)'\n';
            Add(bytes, isOurs: true);
            _audience.Wake();
        }
    }

    /// <summary>Tells followers, at this place of the output, what is so.</summary>
    /// <param name="at">Makes the mark for its place.</param>
    /// <returns>The place.</returns>
    internal long Mark(Func<long, OutputMark> at)
    {
        lock (_lock)
        {
            WriteMasked(_output.End());
            _audience.Tell(at(Position));
            return Position;
        }
    }

    /// <summary>Bytes, with what was cut out.</summary>
    internal long Length
    {
        get
        {
            lock (_lock)
            {
                return _pending?.Length ?? _total;
            }
        }
    }

    /// <summary>Of the steps, in order.</summary>
    internal IReadOnlyList<OutputMark> Marks
    {
        get
        {
            lock (_lock)
            {
                return _audience.Marks;
            }
        }
    }

    /// <summary>All so far, for a reader who does not wait for more.</summary>
    internal OutputContent Content => State.Content;

    internal OutputState State
    {
        get
        {
            lock (_lock)
            {
                return new OutputState(ContentNow, _audience.Marks, _audience.Version);
            }
        }
    }

    /// <summary>Comes when the output is another than the one that was seen.</summary>
    internal Task ChangeAsync(OutputState seen)
    {
        lock (_lock)
        {
            return _audience.ChangeAsync(seen.Version);
        }
    }

    /// <summary>Makes followers look again, for what does not stand in the output itself.</summary>
    internal void Wake()
    {
        lock (_lock)
        {
            _audience.Wake();
        }
    }

    /// <summary>
    /// What followers of this output read through, all of them together. From now on its lines are in the file, so that a
    /// crash takes nothing back that someone has seen.
    /// </summary>
    internal OutputBlocks BeginFollowing()
    {
        lock (_lock)
        {
            if (!_isFinished)
            {
                Keep();
            }

            return _audience.Enter();
        }
    }

    internal void EndFollowing()
    {
        lock (_lock)
        {
            _audience.Leave();
        }
    }

    private OutputTimes TimesNow => _clock?.Times ?? _timesBefore;

    private OutputContent ContentNow =>
        _pending is not null ? OutputContent.Of(_pending.ToArray())
        : _inline is not null ? OutputContent.Of(_inline)
        : _isFinished ? _files.Content(_head)
        : _files.Content(_segment, _fileLength, _half);

    private long Position => _pending?.Length ?? ((_segment * _half) + _fileLength);

    /// <summary>Whether the record can hold it as it is.</summary>
    private static bool IsText(MemoryStream output)
    {
        var bytes = output.GetBuffer().AsSpan(0, (int)output.Length);
        return Utf8.IsValid(bytes) && !bytes.Contains((byte)0);
    }

    private string PendingText => Encoding.UTF8.GetString(_pending!.GetBuffer(), 0, (int)_pending.Length);

    /// <summary>Ends the output: nothing is written after.</summary>
    internal OutputSummary Finish()
    {
        lock (_lock)
        {
            return End() with { Times = TimesNow.Encoded() };
        }
    }

    private OutputSummary End()
    {
        WriteMasked(_output.End());
        if (_pending is not null && !IsText(_pending))
        {
            Spill();
        }

        TellLossAtEnd();
        PutBack();
        _file?.Dispose();
        _file = null;
        _isFinished = true;
        _audience.Wake();
        if (_pending is not null)
        {
            return new OutputSummary(_pending.Length, CutBytes: 0, Head: null, PendingText);
        }

        if (_inline is not null)
        {
            return new OutputSummary(_total, _lost, Head: null, _inline) { WhyLost = _why };
        }

        var cut = _files.Join(_segment);
        _head = cut.Head ?? _head;
        return new OutputSummary(_total, _lost + cut.Bytes, _head, Inline: null) { WhyLost = _lost > 0 ? _why : null };
    }

    /// <summary>Once the record has its end, or it is given up.</summary>
    internal void Release()
    {
        lock (_lock)
        {
            GiveBackShort();
        }
    }

    /// <summary>Leaves it to the next run of the program, as a crash would: nothing of it is given back.</summary>
    internal void Leave()
    {
        lock (_lock)
        {
            _isFinished = true;
            _file?.Dispose();
            _file = null;
        }
    }

    public void Dispose()
    {
        Release();
        _file?.Dispose();
        _pending?.Dispose();
        _kept.Dispose();
    }

    private void WriteMasked(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Keep();
        _last = bytes[^1];
        Add(bytes, isOurs: false);
        _audience.Wake();
    }

    private void Add(ReadOnlySpan<byte> bytes, bool isOurs)
    {
        _clock?.Note(_cutBefore + Position);
        if (_short is not null && _pending!.Length + bytes.Length > _mostShort)
        {
            Spill();
        }

        if (_pending is null)
        {
            Store(bytes, isOurs);
            return;
        }

        _pending.Write(bytes);
        if (_short is not null && !TryKeepShort())
        {
            Spill();
        }
    }

    /// <summary>From now on a crash takes nothing back.</summary>
    private void Keep()
    {
        if (_pending is not null && _short is null && !TryKeepShort())
        {
            Spill();
        }
    }

    /// <summary>False where it is not short, or can't be kept so; what can't be stored is told of by what tries next.</summary>
    private bool TryKeepShort()
    {
        if (_pending!.Length > _mostShort || _files.Store.IsShut)
        {
            return false;
        }

        try
        {
            _short ??= _files.TakeShort();
            _short.Write(_pending.GetBuffer().AsSpan(0, (int)_pending.Length));
            return true;
        }
        catch (Exception exception) when (OutputStore.IsTrouble(exception))
        {
            return false;
        }
    }

    /// <summary>Puts what waits into a file of its own, unless no descriptor is free for one: then a little may go on waiting.</summary>
    private void Spill()
    {
        if (_pending is not { } pending || (pending.Length < MostPending && !MayOpen()))
        {
            return;
        }

        _pending = null;
        Store(pending.GetBuffer().AsSpan(0, (int)pending.Length), isOurs: true);
        pending.Dispose();
        GiveBackShort();
    }

    private void GiveBackShort()
    {
        if (_short is not null)
        {
            _files.Store.Short.GiveBack(_short);
            _short = null;
        }
    }

    private bool MayOpen()
    {
        if (_files.Store.IsShut)
        {
            return true;
        }

        try
        {
            _file ??= _files.Create(_segment);
            return true;
        }
        catch (Exception exception) when (OutputStore.IsTrouble(exception))
        {
            // All else is told of by what is stored.
            return !OutOfDescriptors.IsCause(exception);
        }
    }

    private void Store(ReadOnlySpan<byte> bytes, bool isOurs)
    {
        _total += bytes.Length;
        if (_files.Store.IsShut)
        {
            Lose(bytes, isOurs, "the disk is full");
            return;
        }

        try
        {
            if (_kept.Length > 0)
            {
                StoreWhole(_kept.GetBuffer().AsSpan(0, (int)_kept.Length));
                _kept.SetLength(0);
            }

            if (_untold > 0)
            {
                StoreWhole(LossLine());
                _untold = 0;
            }

            StoreWhole(bytes);
        }
        catch (Exception exception) when (OutputStore.IsTrouble(exception))
        {
            // The deployment matters more than its output.
            TakeBackPart();
            var reason = OutputStore.ReasonOf(exception);
            _files.Store.Failed(reason);
            Lose(bytes, isOurs, reason);
        }
    }

    private bool IsNothingStored => _fileLength == 0 && _segment == 0;

    private byte[] LossLine() =>
        Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"\n[… {_untold} bytes could not be stored: {_why} …]\n")
        );

    private void Lose(ReadOnlySpan<byte> bytes, bool isOurs, string reason)
    {
        _why = reason;
        if (isOurs && IsNothingStored && _kept.Length + bytes.Length <= MostKept)
        {
            KeepLoss();
            _kept.Write(bytes);
        }
        else
        {
            _lost += bytes.Length;
            _untold += bytes.Length;
        }
    }

    private void KeepLoss()
    {
        if (_untold > 0)
        {
            _kept.Write(LossLine());
            _untold = 0;
        }
    }

    /// <summary>In place of what stands last in the file, which needs no room; where there is no file, in the record.</summary>
    private void TellLossAtEnd()
    {
        if (_pending is not null || (_untold == 0 && _kept.Length == 0))
        {
            return;
        }

        if (IsNothingStored)
        {
            KeepLoss();
            _inline = Encoding.UTF8.GetString(_kept.GetBuffer(), 0, (int)_kept.Length);
            return;
        }

        try
        {
            var line = LossLine();
            _file ??= _files.Create(_segment);
            _file.Position = Math.Max(0, _fileLength - line.Length);
            _file.Write(line);
            _fileLength = Math.Max(_fileLength, line.Length);
            _lost += line.Length;
        }
        catch (Exception exception) when (OutputStore.IsTrouble(exception))
        {
            // The counts in the record tell of it all the same.
        }
    }

    /// <summary>What was removed meanwhile lives only as long as it is open.</summary>
    private void PutBack()
    {
        try
        {
            if (_file is not null && !IsNothingStored)
            {
                _files.PutBack(_file, _segment);
            }
        }
        catch (Exception exception) when (OutputStore.IsTrouble(exception))
        {
            _why = OutputStore.ReasonOf(exception);
            _files.Store.Failed(_why);
            _lost = _untold = _total;
            _inline = Encoding.UTF8.GetString(LossLine());
        }
    }

    /// <summary>What fitted before the disk was full would stand behind what is written next.</summary>
    private void TakeBackPart()
    {
        try
        {
            if (_file is not null && _file.Length > _fileLength)
            {
                _file.SetLength(_fileLength);
            }
        }
        catch (IOException)
        {
            // A disk that takes nothing any more.
        }
    }

    private void StoreWhole(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_fileLength == _half)
            {
                NextSegment();
            }

            _file ??= _files.Create(_segment);
            var part = bytes[..(int)Math.Min(bytes.Length, _half - _fileLength)];
            _file.Position = _fileLength;
            _file.Write(part);
            _fileLength += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>Of the segments behind the first half, the last two hold at least as much as must stay.</summary>
    private void NextSegment()
    {
        _file?.Dispose();
        _file = null;
        _fileLength = 0;
        _segment++;
        if (_segment > 2)
        {
            _files.DeleteSegment(_segment - 2);
        }
    }
}

/// <summary>An output that has ended.</summary>
/// <param name="TotalBytes">With what was cut out.</param>
/// <param name="Head">Bytes before the place where the middle was cut out; null where nothing was.</param>
/// <param name="Inline">The whole output, if it has no file.</param>
internal sealed record OutputSummary(long TotalBytes, long CutBytes, long? Head, string? Inline)
{
    /// <summary>Why some of it could not be stored, as the end of a sentence; null where all could.</summary>
    internal string? WhyLost { get; init; }

    /// <summary>As <see cref="OutputTimes.Encoded"/>; null where that was not noted, or all came at once.</summary>
    internal byte[]? Times { get; init; }
}

/// <summary>An output at one moment.</summary>
/// <param name="Content">All that was written.</param>
/// <param name="Marks">Of the steps, in order.</param>
/// <param name="Version">Another one means that something is new.</param>
internal sealed record OutputState(OutputContent Content, IReadOnlyList<OutputMark> Marks, long Version);

/// <summary>What followers are told when they have come to a position.</summary>
internal abstract record OutputMark(long Position);
