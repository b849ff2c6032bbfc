using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>Starts of the standalone server that are expected to end, well or not.</summary>
internal static class ServerStart
{
    internal const int CouldNotStart = 1;
    internal const int WrongUsage = 2;
    internal const int WrongConfiguration = 78;

    /// <summary>A server that could be reached, had it not refused to start.</summary>
    internal static Task<ProgramRun> EndsAsync(Workspace workspace, params string[] arguments) =>
        ProgramRun.ToEndAsync(With(workspace, arguments));

    internal static ProgramStart With(Workspace workspace, params string[] arguments) =>
        new(new StandaloneServer(), workspace) { Arguments = arguments };

    /// <summary>The lines on standard error, which hold no stack trace.</summary>
    internal static IReadOnlyList<string> ErrorLines(ProgramRun run)
    {
        Assert.DoesNotContain("   at ", run.Errors.Text + run.Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", run.Errors.Text + run.Output.Text, StringComparison.Ordinal);
        return run.Errors.Lines;
    }
}
