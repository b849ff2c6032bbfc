using ThinDeployer.Browser.Tests.Browsing;

namespace ThinDeployer.Browser.Tests;

/// <summary>That no contract is forgotten on a host.</summary>
public sealed class ContractCoverageTests
{
    private static readonly Type[] All = typeof(PageContract<>).Assembly.GetTypes();

    [Xunit.Theory]
    [InlineData(typeof(Standalone.Visits))]
    [InlineData(typeof(Functions.Visits))]
    public void Every_contract_is_held_by_each_host(Type host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var held = All.Where(type => type.Namespace == host.Namespace).Select(BaseOf).OfType<Type>();

        var contracts = All.Where(type => BaseOf(type) == typeof(PageContract<>)).ToList();

        Assert.NotEmpty(contracts);
        Assert.Empty(contracts.Except(held));
    }

    private static Type? BaseOf(Type type) =>
        type.BaseType is { IsGenericType: true } parent ? parent.GetGenericTypeDefinition() : null;
}
