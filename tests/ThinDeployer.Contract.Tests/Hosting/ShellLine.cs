namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>A line of <c>sh</c>, for what takes a pipe or a terminal.</summary>
internal sealed class ShellLine(string line) : IHostProgram
{
    public string Path => "/bin/sh";

    public IReadOnlyList<string> Arguments { get; } = ["-c", line];

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();
}
