namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>The program of a host, started by a shell that arranges something before: a mask, an ignored signal, an open file.</summary>
/// <param name="inner">The host.</param>
/// <param name="before">Shell code; its last command need not end with a semicolon.</param>
internal sealed class WrappedHost(IHostProgram inner, string before) : IHostProgram
{
    public string Path => "/bin/sh";

    public IReadOnlyList<string> Arguments { get; } =
    ["-c", $"{before}\nexec \"$0\" \"$@\"", inner.Path, .. inner.Arguments];

    public IReadOnlyDictionary<string, string> Environment => inner.Environment;
}
