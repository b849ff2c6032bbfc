namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>A test that needs the rights of root, and is skipped without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (Environment.UserName != "root")
        {
            Skip = "Only root can start a command as another user.";
        }
    }
}
