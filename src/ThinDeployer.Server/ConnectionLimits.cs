using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ThinDeployer.Server;

/// <summary>
/// What a connection may cost before anybody is known. A client that opens many, says little or nothing, or says it
/// slowly, must neither fill memory, nor take what deployments need, nor keep others out.
/// </summary>
/// <param name="Connections">At once.</param>
/// <param name="Descriptors">What the system lets this process have.</param>
internal sealed record ConnectionLimits(int Connections, ulong Descriptors)
{
    /// <summary>Hundreds of followers and a proxy that keeps its connections need a tenth.</summary>
    private const int MostConnections = 10_000;

    /// <summary>However few descriptors there are.</summary>
    private const int FewestConnections = 8;

    /// <summary>A browser and a client or two, where a quarter of all would be fewer.</summary>
    private const int FewOfOneAddress = 16;

    /// <summary>Of a socket, and of the output that it follows.</summary>
    private const int DescriptorsOfConnection = 2;

    /// <summary>
    /// For what runs: pipes and output of a hundred steps that start at once, the record, notifications, and what the runtime loads. Where there
    /// are few it is half of them, and a step that finds none waits for one.
    /// </summary>
    private const long DescriptorsOfDeployments = 2_048;

    /// <summary>Bytes. A query may hold a value of 4 KiB, each byte as three characters.</summary>
    private const int RequestLine = 16 * 1024;

    /// <summary>Bytes of all headers together, and how many.</summary>
    private const int Headers = 32 * 1024;
    private const int HeaderCount = 100;

    /// <summary>Bytes that are taken from a connection before anybody reads them. The framework's own is 1 MiB.</summary>
    private const int ReadAhead = 64 * 1024;

    /// <summary>Bytes a second; 25 MiB at this rate take 3.5 hours, which is what the slowest of lines needs.</summary>
    private const double SlowestBody = 2 * 1024;

    private static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TimeForHeaders = TimeSpan.FromSeconds(15);

    /// <summary>Longer than the usual 60 s of proxies, who would else send into a connection that closes.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(75);

    /// <summary>Whether the operator should know.</summary>
    internal bool AreFew => Connections < MostConnections / 10;

    /// <summary>What one address may have at once, unless it is a proxy that was declared one.</summary>
    internal int OfOneAddress => Math.Max(Connections / 4, Math.Min(Connections / 2, FewOfOneAddress));

    /// <summary>Kestrel tries again without a pause when it can't accept for lack of descriptors: it must never come to that.</summary>
    internal static ConnectionLimits Within(Descriptors descriptors)
    {
        var forDeployments = Math.Min(descriptors.Left / 2, DescriptorsOfDeployments);
        var connections = (descriptors.Left - forDeployments) / DescriptorsOfConnection;
        return new ConnectionLimits(
            (int)Math.Clamp(connections, FewestConnections, MostConnections),
            descriptors.Limit
        );
    }

    internal void Apply(KestrelServerLimits limits)
    {
        // Ours counts while reading, and answers 413 where Kestrel's breaks the connection.
        limits.MaxRequestBodySize = null;
        limits.MaxConcurrentConnections = Connections;
        limits.MaxRequestLineSize = RequestLine;
        limits.MaxRequestHeadersTotalSize = Headers;
        limits.MaxRequestHeaderCount = HeaderCount;
        limits.MaxRequestBufferSize = ReadAhead;
        limits.MinRequestBodyDataRate = new MinDataRate(SlowestBody, BodyGrace);
        limits.RequestHeadersTimeout = TimeForHeaders;
        limits.KeepAliveTimeout = IdleTime;
    }
}
