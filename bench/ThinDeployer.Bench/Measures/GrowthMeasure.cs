using ThinDeployer.Bench.Figures;

namespace ThinDeployer.Bench.Measures;

/// <summary>What a long history, many services and a long queue cost.</summary>
internal sealed class GrowthMeasure : IMeasure
{
    internal const string Title = "growth";

    public string Name => Title;

    public async Task<Section> RunAsync(Workbench bench, CancellationToken cancellationToken) =>
        new Section("Growth")
            .Say(
                "Medians of the rounds. Deployments kept are those of 10 services, each at its `keep`, so that every further "
                    + "deployment pushes one out; the load is on one of them."
            )
            .Show(await HistoryGrowth.TableAsync(bench, cancellationToken))
            .Say("Services that each get as many requests as the others:")
            .Show(await ServiceGrowth.TableAsync(bench, cancellationToken))
            .Say(
                "Deployments that wait behind one that runs. Further ones are accepted one after the other, and the last is looked "
                    + "at (`queuedAhead`):"
            )
            .Show(await QueueGrowth.TableAsync(bench, cancellationToken));
}
