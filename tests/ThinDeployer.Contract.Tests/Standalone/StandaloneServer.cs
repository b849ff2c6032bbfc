using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>The standalone server, on a free port.</summary>
public sealed class StandaloneServer : IHostProgram
{
    public string Path { get; } = ServerProgram.Path;

    public IReadOnlyList<string> Arguments { get; } = ["--listen", "127.0.0.1", "--port", "0"];

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();
}
