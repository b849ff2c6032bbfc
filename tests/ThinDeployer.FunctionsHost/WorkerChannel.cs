using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using ThinDeployer.FunctionsHost.Rpc;
using RpcException = Grpc.Core.RpcException;

namespace ThinDeployer.FunctionsHost;

/// <summary>The conversation with one worker: questions and answers, calls of functions, and what it logs.</summary>
internal sealed class WorkerChannel(WorkerLog log)
{
    private readonly Channel<StreamingMessage> _toWorker = Channel.CreateUnbounded<StreamingMessage>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _questions = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StatusResult>> _calls = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string WorkerId { get; } = $"{Guid.NewGuid()}";

    /// <summary>Functions that were called and have not ended.</summary>
    internal int Running => _calls.Count;

    /// <summary>The worker has called.</summary>
    internal Task Begun => _begun.Task;

    /// <summary>Carries messages both ways until the worker goes. What fails here fails whoever waits for an answer.</summary>
    internal async Task TalkAsync(
        IAsyncStreamReader<StreamingMessage> fromWorker,
        IServerStreamWriter<StreamingMessage> toWorker,
        CancellationToken cancellationToken
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = SendAsync(toWorker, end.Token);
        _begun.TrySetResult();
        try
        {
            await foreach (var message in fromWorker.ReadAllAsync(end.Token))
            {
                Hear(message);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or RpcException)
        {
            // The worker is gone: below, who waits for it hears.
        }
        finally
        {
            await end.CancelAsync();
            await sending;
            Break();
        }
    }

    internal async Task<StreamingMessage> AskAsync(StreamingMessage question, CancellationToken cancellationToken)
    {
        question.RequestId = $"{Guid.NewGuid()}";
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions[question.RequestId] = answer;
        Tell(question);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Calls a function; the HTTP request that belongs to it goes to the worker's own address.</summary>
    /// <returns>How the function ended; it fails when the worker goes before.</returns>
    internal Task<StatusResult> InvokeAsync(string invocationId, string functionId)
    {
        var end = new TaskCompletionSource<StatusResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[invocationId] = end;
        Tell(
            new StreamingMessage
            {
                RequestId = $"{Guid.NewGuid()}",
                InvocationRequest = new InvocationRequest
                {
                    InvocationId = invocationId,
                    FunctionId = functionId,
                    TraceContext = new RpcTraceContext(),
                },
            }
        );
        return end.Task;
    }

    internal void Tell(StreamingMessage message) => _toWorker.Writer.TryWrite(message);

    /// <summary>Nobody will answer any more.</summary>
    internal void Break()
    {
        _toWorker.Writer.TryComplete();
        var gone = new IOException("The worker is gone");
        _begun.TrySetException(gone);
        foreach (var question in _questions.Values)
        {
            question.TrySetException(gone);
        }

        foreach (var id in _calls.Keys)
        {
            if (_calls.TryRemove(id, out var call))
            {
                call.TrySetException(gone);
            }
        }
    }

    private async Task SendAsync(IServerStreamWriter<StreamingMessage> toWorker, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in _toWorker.Reader.ReadAllAsync(cancellationToken))
            {
                await toWorker.WriteAsync(message, cancellationToken);
            }
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException or InvalidOperationException or RpcException)
        {
            // The stream has ended: reading notices it, too.
        }
    }

    private void Hear(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.RpcLog:
                log.Write(message.RpcLog);
                break;
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                if (_calls.TryRemove(message.InvocationResponse.InvocationId, out var call))
                {
                    call.TrySetResult(message.InvocationResponse.Result);
                }

                break;
            default:
                if (_questions.TryRemove(message.RequestId, out var question))
                {
                    question.TrySetResult(message);
                }

                break;
        }
    }
}
