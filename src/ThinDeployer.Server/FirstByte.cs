using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ThinDeployer.Server;

/// <summary>
/// Closes a connection that says nothing. Kestrel waits for the first request of a connection as long as for the next one, and such a
/// time must be longer than that of proxies.
/// </summary>
internal sealed class FirstByte(TimeProvider time)
{
    /// <summary>As for the headers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    internal ConnectionDelegate Before(ConnectionDelegate next) =>
        async connection =>
        {
            if (await CameAsync(connection.Transport.Input, ClosingOf(connection)))
            {
                await next(connection);
            }
        };

    /// <summary>Who shuts down waits for all connections, and would wait for the silent ones, too.</summary>
    private static CancellationToken ClosingOf(ConnectionContext connection) =>
        connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested
        ?? CancellationToken.None;

    /// <summary>Takes nothing of it: who reads next finds it all. Also true where the client has closed its side.</summary>
    private async Task<bool> CameAsync(PipeReader input, CancellationToken closing)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, closing);
        try
        {
            var read = await input.ReadAsync(end.Token);
            input.AdvanceTo(read.Buffer.Start);
            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return false;
        }
    }
}
