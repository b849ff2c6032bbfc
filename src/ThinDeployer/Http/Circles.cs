using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ThinDeployer.Deployments;
using ThinDeployer.Steps;

namespace ThinDeployer.Http;

/// <summary>
/// Tells of a step that waits for a deployment which can't begin before the step's own has ended: neither ever goes on, until
/// a time limit or somebody ends it.
/// </summary>
internal sealed partial class Circles(ILogger<Circles> logger)
{
    /// <summary>By it a client says which deployment's step it is; it decides nothing.</summary>
    private const string Header = "X-Deployment-Id";

    /// <param name="context">The request.</param>
    /// <param name="desk">Knows what waits for what.</param>
    /// <param name="asked">The deployment.</param>
    /// <param name="waits">Whether the answer comes with its end, however long that takes.</param>
    internal void Tell(HttpContext context, Desk desk, Deployment asked, bool waits)
    {
        if (desk.OnlyOneInFrontOf(asked) is not { } front || !IsAskedBy(front, context, waits))
        {
            return;
        }

        Log.Circle(logger, front.Id, front.Service, asked.Id, asked.Service);
        front.Output.WriteLine(
            $"Deployment {asked.Id} of {asked.Service} that it asked for can't begin before this one has ended: "
                + "a step that waits for it waits for ever"
        );
    }

    private static bool IsAskedBy(Deployment front, HttpContext context, bool waits)
    {
        var named = context.Request.Headers[Header];
        return named.Count > 0
            ? named == front.Id
            : waits
                && IsOfThisMachine(context.Connection)
                && CallingStep.IsOf(front.Id, context.Connection.RemotePort, context.Connection.LocalPort);
    }

    private static bool IsOfThisMachine(ConnectionInfo connection) =>
        connection.RemoteIpAddress is { } address
        && (IPAddress.IsLoopback(address) || address.Equals(connection.LocalIpAddress));

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "A step of deployment {Id} of {Service} waits for deployment {Asked} of {AskedService}, which can't begin before {Id} has ended"
        )]
        internal static partial void Circle(
            ILogger logger,
            string id,
            string service,
            string asked,
            string askedService
        );
    }
}
