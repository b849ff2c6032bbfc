using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace ThinDeployer.Server;

/// <summary>
/// Lets a POST or PUT of HTTP/1.0 in that announces no length: it has no body (RFC 9112, section 6.3), but Kestrel refuses it, and
/// nginx speaks 1.0 unless told otherwise. Kestrel asks no length of a method that it does not know; so, on the way in, the second
/// letter of the method becomes a small one, and is put back before anything of ours sees the request. Nothing else is changed, and
/// how long a body is stays Kestrel's to decide.
/// </summary>
/// <remarks>
/// Only the first line of a connection is looked at, since only there it is known for sure that a line is no part of a body. So an answer
/// of HTTP/1.0 closes its connection.
/// </remarks>
internal sealed class LengthlessPost(IDuplexPipe transport) : PipeReader, IDuplexPipe
{
    private const byte SmallLetter = 0x20;

    private bool _isDecided;
    private bool _isChanged;

    public PipeReader Input => this;

    public PipeWriter Output => transport.Output;

    internal static ConnectionDelegate Before(ConnectionDelegate next) =>
        connection =>
        {
            var looked = new LengthlessPost(connection.Transport);
            connection.Transport = looked;
            connection.Features.Set(looked);
            return next(connection);
        };

    /// <summary>Gives a request of HTTP/1.0 its method back.</summary>
    internal static void Restore(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        if (context.Features.Get<LengthlessPost>() is { _isChanged: true })
        {
            context.Request.Method = context.Request.Method.ToUpperInvariant();
        }
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _isDecided ? transport.Input.ReadAsync(cancellationToken) : LookAsync(cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        var hasRead = transport.Input.TryRead(out result);
        if (hasRead && !_isDecided)
        {
            Decide(result.Buffer);
        }

        return hasRead;
    }

    public override void AdvanceTo(SequencePosition consumed) => transport.Input.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
        transport.Input.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => transport.Input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => transport.Input.Complete(exception);

    private async ValueTask<ReadResult> LookAsync(CancellationToken cancellationToken)
    {
        var result = await transport.Input.ReadAsync(cancellationToken);
        Decide(result.Buffer);
        return result;
    }

    /// <summary>Once the first line is whole. Kestrel takes nothing of it before, and bounds its length.</summary>
    private void Decide(ReadOnlySequence<byte> read)
    {
        if (read.PositionOf((byte)'\n') is not { } end)
        {
            return;
        }

        _isDecided = true;
        var line = read.Slice(0, end);
        if (line.IsSingleSegment ? IsToBeChanged(line.FirstSpan) : IsToBeChanged(line.ToArray()))
        {
            // The memory is the transport's, filled for who reads here; no other reader has it.
            MemoryMarshal.AsMemory(read.Slice(1, 1).First).Span[0] |= SmallLetter;
            _isChanged = true;
        }
    }

    private static bool IsToBeChanged(ReadOnlySpan<byte> line) =>
        (line.StartsWith("POST "u8) || line.StartsWith("PUT "u8)) && line.EndsWith(" HTTP/1.0\r"u8);
}
