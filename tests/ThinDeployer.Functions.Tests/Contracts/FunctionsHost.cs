using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Functions.Tests.Contracts;

/// <summary>The Functions app on the stand-in host, which is the program of this very assembly.</summary>
public sealed class FunctionsHost : IHostProgram
{
    public string Path { get; } =
        System.IO.Path.Combine(AppContext.BaseDirectory, typeof(FunctionsHost).Assembly.GetName().Name!);

    public IReadOnlyList<string> Arguments { get; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();
}
