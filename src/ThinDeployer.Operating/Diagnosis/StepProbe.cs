using System.ComponentModel;
using System.Text;
using CliWrap;
using ThinDeployer.Deployments;
using ThinDeployer.Steps;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>Asks a question of the shell with the rights and the environment that a step would have. It changes nothing.</summary>
internal static class StepProbe
{
    /// <summary>
    /// What is asked with is found whatever the steps' PATH is; that one is <c>$asked</c>, to be asked about.
    /// </summary>
    private const string OwnPath = $"asked=$PATH; PATH=$PATH:{StepEnvironment.DefaultPath}; ";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <param name="plan">Of the service.</param>
    /// <param name="step">Null for what all steps have in common.</param>
    /// <param name="folder">Where to ask.</param>
    /// <param name="script">The question; it must not change anything.</param>
    /// <param name="arguments">Its <c>$1</c> and so on: never pasted into it.</param>
    /// <returns>The exit code, or -1 where it could not start or took too long; and what it printed, errors included.</returns>
    internal static async Task<(int Code, string Output)> AskAsync(
        DeploymentPlan plan,
        StepPlan? step,
        string folder,
        string script,
        params string[] arguments
    )
    {
        string[] line =
        [
            .. plan.Common.UserOf(step) is { } account ? RunAs.Prefix(account) : [],
            "/bin/sh",
            "-c",
            OwnPath + script,
            "probe",
            .. arguments,
        ];
        var environment = StepEnvironment.Build(plan.Common, step);
        if (plan.Common.UserOf(step) is not null)
        {
            _ = UserSwitch.HideFromLoader(environment);
        }

        var output = new StringBuilder();
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        try
        {
            var result = await Cli.Wrap(line[0])
                .WithArguments(line[1..])
                .WithWorkingDirectory(folder)
                .WithEnvironmentVariables(environment)
                .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output))
                .WithStandardErrorPipe(PipeTarget.ToStringBuilder(output))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(limit.Token);
            return (result.ExitCode, output.ToString().Trim());
        }
        catch (Exception exception) when (exception is Win32Exception or OperationCanceledException)
        {
            return (-1, exception.Message);
        }
    }
}
