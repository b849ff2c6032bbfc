using System.Reflection;
using Xunit.Sdk;

namespace ThinDeployer.Contract.Tests.Proxies;

/// <summary>Runs a theory through a proxy, where that is installed.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ThroughAttribute : DataAttribute
{
    public ThroughAttribute(string proxy)
    {
        Proxy = proxy;
        if (ProxyProgram.All[proxy] is { } program && !File.Exists(program.File))
        {
            Skip = $"{program.File} is not installed; Debian has it in {program.Package}.";
        }
    }

    public string Proxy { get; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        [
            [Proxy],
        ];
}
