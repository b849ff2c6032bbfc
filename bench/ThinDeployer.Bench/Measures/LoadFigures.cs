using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>What a server did under a load.</summary>
/// <param name="PerSecond">Requests answered a second.</param>
/// <param name="ProcessorMicroseconds">
/// The server's own time on a processor for each, without that of the commands; it hardly depends on what else the
/// machine does. Null where there is no server.
/// </param>
internal sealed record LoadFigures(double PerSecond, double? ProcessorMicroseconds)
{
    internal static Turn<LoadFigures> TurnOf(RunningServer server, Wrk load) =>
        new(
            server.Name,
            async cancellationToken =>
            {
                var before = server.Program.ProcessorTime();
                var result = await load.RunAsync(cancellationToken);
                var spent = server.Program.ProcessorTime() - before;
                return new LoadFigures(result.PerSecond, spent.TotalMicroseconds / result.Requests);
            }
        );

    internal static Samples Rates(IReadOnlyList<LoadFigures> rounds) => Samples.Of(rounds, each => each.PerSecond);

    /// <summary>As a cell of a table.</summary>
    internal static string Processor(IReadOnlyList<LoadFigures> rounds) =>
        rounds[0].ProcessorMicroseconds is null
            ? ""
            : new Unit("µs", "0").Write(Samples.Of(rounds, each => each.ProcessorMicroseconds ?? 0).Median);
}
