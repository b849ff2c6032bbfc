using ThinDeployer.Bench.Figures;

namespace ThinDeployer.Bench.Measures;

/// <summary>One question, answered by a section of the result.</summary>
internal interface IMeasure
{
    /// <summary>As <c>--only</c> has it.</summary>
    string Name { get; }

    Task<Section> RunAsync(Workbench bench, CancellationToken cancellationToken);
}
