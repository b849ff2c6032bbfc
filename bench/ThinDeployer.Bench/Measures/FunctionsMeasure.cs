using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>The Functions app's code, stated without goals.</summary>
internal sealed class FunctionsMeasure : IMeasure
{
    public string Name => "functions";

    public async Task<Section> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        IContestant[] contestants = [bench.FunctionsApp, bench.Webhook];
        return new Section("Azure Functions app")
            .Say(
                "The app's functions on the stand-in of the tests, which has no Functions host in front: the real host adds its own "
                    + "price to each request."
            )
            .Show(await DeploymentsMeasure.TableAsync(bench, contestants, withLimit: false, cancellationToken))
            .Show(await RefusedMeasure.TableAsync(bench, contestants, cancellationToken))
            .Show(await BurstMeasure.TableAsync(bench, bench.FunctionsApp, cancellationToken));
    }
}
