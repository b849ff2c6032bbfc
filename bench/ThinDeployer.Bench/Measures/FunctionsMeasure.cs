using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>The Functions app, stated without goals.</summary>
internal sealed class FunctionsMeasure : IMeasure
{
    public string Name => "functions";

    public async Task<Section> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        IContestant[] contestants = [bench.FunctionsApp, bench.Webhook];
        return new Section("Azure Functions app")
            .Say(
                "The real worker, below the tests' stand-in for the Functions host, which forwards as the host does but does "
                    + "nothing else: the real one costs more."
            )
            .Show(
                await DeploymentsMeasure.TableAsync(
                    bench,
                    contestants,
                    DeploymentsMeasure.Nothing,
                    withLimit: false,
                    cancellationToken
                )
            )
            .Show(await RefusedMeasure.TableAsync(bench, contestants, cancellationToken))
            .Show(await BurstMeasure.TableAsync(bench, bench.FunctionsApp, cancellationToken));
    }
}
