using System.Globalization;

namespace ThinDeployer.Bench.Programs;

/// <summary>A server without record, rules or log, in one of two ways to start a command: what is left to be gained.</summary>
/// <param name="program">Of the project ThinDeployer.Spike.</param>
/// <param name="way"><c>spawn</c> or <c>cliwrap</c>.</param>
internal sealed class SpikeServer(string name, string program, string way) : IContestant
{
    public string Name => name;

    public ProgramStart StartIn(ServerFolder folder, int port) =>
        new(program, folder) { Arguments = [way, port.ToString(CultureInfo.InvariantCulture), Services.Token] };

    public string PathOf(string service) => $"/deploy/{service}";

    public string LivePath => "/";

    public int? PortIn(string log, int asked) => asked;
}
