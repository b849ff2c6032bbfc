namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>As <see cref="LimitedFactAttribute"/>, for each row.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal class LimitedTheoryAttribute : Xunit.TheoryAttribute
{
    public override int Timeout { get; set; } = LimitedFactAttribute.Limit;
}
