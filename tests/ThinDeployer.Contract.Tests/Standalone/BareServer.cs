using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>The standalone server without a switch: every one is the test's.</summary>
internal sealed class BareServer : IHostProgram
{
    public string Path { get; } = ServerProgram.Path;

    public IReadOnlyList<string> Arguments { get; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();
}
