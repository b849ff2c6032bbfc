using System.Globalization;
using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>As a person at a terminal likes it: below the output a line that says what runs, and for how long.</summary>
internal sealed class TerminalView : FollowView, IDisposable
{
    private const string EraseLine = "\r\e[K";

    private readonly Lock _lock = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ITimer _clock;
    private long _since;
    private string _now;
    private bool _isOver;
    private bool _isDrawn;

    /// <param name="output">The terminal.</param>
    /// <param name="now">What happens until the first step begins.</param>
    internal TerminalView(TextWriter output, string now)
        : base(output, isTerminal: true)
    {
        _now = now;
        _since = _time.GetTimestamp();
        _clock = _time.CreateTimer(_ => Draw(), state: null, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    internal override void Tell(string line)
    {
        lock (_lock)
        {
            base.Tell(line);
        }
    }

    internal override void TellEnd(JsonElement deployment)
    {
        lock (_lock)
        {
            _isOver = true;
            base.TellEnd(deployment);
        }
    }

    public void Dispose() => _clock.Dispose();

    internal override void Show(LogEvent next)
    {
        lock (_lock)
        {
            base.Show(next);
        }
    }

    protected override void StepBegins(JsonElement step)
    {
        _now = TerminalText.Safe((step.GetProperty("command").GetString() ?? "").Split('\n')[0]);
        _since = _time.GetTimestamp();
    }

    protected override void BeforeWriting()
    {
        if (_isDrawn)
        {
            Console.Error.Write(EraseLine);
            _isDrawn = false;
        }
    }

    private void Draw()
    {
        lock (_lock)
        {
            if (_isOver || !IsAtLineStart)
            {
                return;
            }

            var elapsed = _time.GetElapsedTime(_since).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);
            var room = Math.Max(10, Console.BufferWidth - elapsed.Length - 6);
            Console.Error.Write($"{EraseLine}… {(_now.Length > room ? _now[..room] : _now)} {elapsed}");
            _isDrawn = true;
        }
    }
}
