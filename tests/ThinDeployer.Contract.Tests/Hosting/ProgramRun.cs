namespace ThinDeployer.Contract.Tests.Hosting;

/// <summary>A program that was started and has ended by itself.</summary>
public sealed record ProgramRun(int ExitCode, CapturedOutput Output, CapturedOutput Errors)
{
    public static async Task<ProgramRun> ToEndAsync(ProgramStart start)
    {
        await using var program = StartedProgram.Start(start);
        return new ProgramRun(await program.ExitAsync(), program.Output, program.Errors);
    }
}
