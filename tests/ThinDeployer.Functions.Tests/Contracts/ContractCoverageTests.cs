using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Functions.Tests.Contracts;

/// <summary>That no contract is forgotten here.</summary>
public sealed class ContractCoverageTests
{
    /// <summary>Contracts that this host does not keep: name without its type parameter, and why.</summary>
    private static readonly Dictionary<string, string> Exceptions = [];

    private static readonly List<Type> Contracts =
    [
        .. typeof(HostContract<>)
            .Assembly.GetTypes()
            .Where(type => type.IsAbstract && type.IsGenericTypeDefinition && BaseOf(type) == typeof(HostContract<>)),
    ];

    [Xunit.Fact]
    public void Every_contract_is_held_by_this_host_or_excepted_for_a_reason()
    {
        var held = typeof(FunctionsApp)
            .Assembly.GetTypes()
            .Where(type => type.BaseType?.GenericTypeArguments is [var host] && host == typeof(FunctionsApp))
            .Select(BaseOf);

        Assert.Equal(
            Exceptions.Keys.Order(StringComparer.Ordinal),
            Contracts.Except(held).Select(type => type!.Name.Split('`')[0]).Order(StringComparer.Ordinal)
        );
        Assert.DoesNotContain(Exceptions.Values, string.IsNullOrWhiteSpace);
    }

    [Xunit.Fact]
    public void The_contracts_are_really_seen()
    {
        Assert.Contains(typeof(Contract.Tests.Watching.HelloContract<>), Contracts);
    }

    private static Type? BaseOf(Type type) =>
        type.BaseType is { IsGenericType: true } parent ? parent.GetGenericTypeDefinition() : null;
}
