namespace ThinDeployer.Logging;

/// <summary>A place that the log is written to. One thread only writes it, which may have to wait.</summary>
internal interface ILogTarget : IDisposable
{
    /// <summary>As a sentence names it.</summary>
    string Name { get; }

    /// <summary>What it takes on a disk; null where it takes nothing.</summary>
    long? Bytes => null;

    /// <param name="lines">Whole ones, in UTF-8.</param>
    /// <exception cref="IOException">They are not written.</exception>
    /// <exception cref="UnauthorizedAccessException">They are not written, because the file is another user's.</exception>
    void Write(ReadOnlySpan<byte> lines);
}

/// <summary>Standard output. A reader that has gone is no fault: the framework then drops what is written.</summary>
internal sealed class LogConsole : ILogTarget
{
    private readonly Stream _output = Console.OpenStandardOutput();

    public string Name => "the console";

    public void Write(ReadOnlySpan<byte> lines) => _output.Write(lines);

    public void Dispose() => _output.Dispose();
}
