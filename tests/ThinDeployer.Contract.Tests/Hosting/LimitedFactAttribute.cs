namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>
/// What [Fact] means in the projects that start servers: a test that waits for something that never comes fails by itself,
/// with its name. The runner can stop waiting for a method that is asynchronous only; any other is an [Xunit.Fact].
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal class LimitedFactAttribute : Xunit.FactAttribute
{
    /// <summary>Milliseconds: three minutes. Whatever is waited for inside has less, because it can say what did not come.</summary>
    internal const int Limit = 3 * 60 * 1_000;

    public override int Timeout { get; set; } = Limit;
}
