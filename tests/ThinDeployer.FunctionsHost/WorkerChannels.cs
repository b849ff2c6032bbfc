using System.Collections.Concurrent;
using Grpc.Core;
using ThinDeployer.FunctionsHost.Rpc;

namespace ThinDeployer.FunctionsHost;

/// <summary>Which worker a call comes from: each names itself in its first message.</summary>
internal sealed class WorkerChannels
{
    private readonly ConcurrentDictionary<string, WorkerChannel> _expected = new();

    internal void Expect(WorkerChannel channel) => _expected[channel.WorkerId] = channel;

    internal void Forget(WorkerChannel channel) => _expected.TryRemove(channel.WorkerId, out _);

    internal async Task TalkAsync(
        IAsyncStreamReader<StreamingMessage> fromWorker,
        IServerStreamWriter<StreamingMessage> toWorker,
        CancellationToken cancellationToken
    )
    {
        if (
            await fromWorker.MoveNext(cancellationToken)
            && _expected.TryGetValue(fromWorker.Current.StartStream?.WorkerId ?? "", out var channel)
        )
        {
            await channel.TalkAsync(fromWorker, toWorker, cancellationToken);
        }
    }
}

/// <summary>The one method that workers call.</summary>
internal sealed class FunctionRpcService(WorkerChannels channels) : FunctionRpc.FunctionRpcBase
{
    public override Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream,
        IServerStreamWriter<StreamingMessage> responseStream,
        ServerCallContext context
    ) => channels.TalkAsync(requestStream, responseStream, context.CancellationToken);
}
