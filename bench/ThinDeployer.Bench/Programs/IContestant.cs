namespace ThinDeployer.Bench.Programs;

/// <summary>A server that runs commands on request.</summary>
internal interface IContestant
{
    /// <summary>As it stands in tables.</summary>
    string Name { get; }

    ProgramStart StartIn(ServerFolder folder, int port);

    /// <summary>Where a service of <see cref="Services"/> is deployed.</summary>
    string PathOf(string service);

    /// <summary>Where anybody may ask whether it is alive.</summary>
    string LivePath { get; }

    /// <summary>Where it listens; null while that is not known.</summary>
    /// <param name="asked">The port that it was started with.</param>
    /// <param name="log">What it has printed so far.</param>
    int? PortIn(string log, int asked);
}
