using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// Reads the body of a request that is not let in yet, within what all such bodies may have together, and no slower than such a body
/// may come. What it took is given back when it is disposed.
/// </summary>
internal sealed class StrangerBody(
    DeployRequest request,
    BodyBudget budget,
    BodyBudget.BodyShare share,
    TimeProvider time
) : IDisposable
{
    /// <summary>Bytes of a form that is read to look for a token.</summary>
    internal const int FormLimit = BodyBudget.SmallBody;

    /// <summary>Null when a form was read in which a token may be; else the answer.</summary>
    /// <exception cref="IOException">The client went away.</exception>
    internal async Task<GateAnswer?> ReadFormAsync(CancellationToken cancellationToken)
    {
        if (request.AnnouncedLength > FormLimit && !request.IsRead)
        {
            return new GateAnswer.Refused(RefusalReason.FormTooLarge);
        }

        var end = await ReadAsync(FormLimit, cancellationToken);
        return (end is GateAnswer.BodyTooLarge && request.MaximumBody > FormLimit) || request.Body.Length > FormLimit
            ? new GateAnswer.Refused(RefusalReason.FormTooLarge)
            : end;
    }

    /// <summary>Null when the body was read; else the answer.</summary>
    /// <exception cref="IOException">The client went away.</exception>
    internal Task<GateAnswer?> ReadAllAsync(CancellationToken cancellationToken) =>
        ReadAsync(budget.Largest, cancellationToken);

    /// <summary>
    /// With <c>--hide-services</c>: reads what would be read for a service with tokens, or with any signature that is
    /// configured, and takes the time that this takes. Who must send a body first tells as much as an answer.
    /// </summary>
    /// <param name="mayBeSigned">What one of the services would make of the head; null where none would read the body.</param>
    /// <param name="own">What this one makes of it.</param>
    /// <param name="readsForm">Whether a form could admit now.</param>
    /// <returns>Null when it goes on; else the answer.</returns>
    internal async Task<GateAnswer?> ReadAsAnyServiceAsync(
        SignatureClaim.OverBody? mayBeSigned,
        SignatureClaim own,
        bool readsForm,
        CancellationToken cancellationToken
    )
    {
        if (mayBeSigned is null)
        {
            return request.HasForm && readsForm ? await ReadFormAsync(cancellationToken) : null;
        }

        var answer = await ReadAllAsync(cancellationToken);
        if (answer is null && own is not SignatureClaim.OverBody)
        {
            // Whatever it says: a code over a large body takes a time that can be measured.
            _ = mayBeSigned.IsRight(request.Body);
        }

        return answer;
    }

    public void Dispose() => share.Dispose();

    private async Task<GateAnswer?> ReadAsync(long limit, CancellationToken cancellationToken)
    {
        using var pace = new BodyPace(time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, pace.Late, share.GaveWay);
        try
        {
            return await request.ReadBodyAsync(limit, TryTake, end.Token) switch
            {
                BodyEnd.TooLarge => new GateAnswer.BodyTooLarge(request.MaximumBody),
                BodyEnd.NoRoom when !share.GaveWay.IsCancellationRequested => new GateAnswer.NoRoom(),
                BodyEnd.NoRoom => new GateAnswer.GaveWay(),
                _ => null,
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return share.GaveWay.IsCancellationRequested ? new GateAnswer.GaveWay() : new GateAnswer.BodyTooSlow();
        }

        bool TryTake(int count)
        {
            pace.Came(count);
            return share.TryTake(count);
        }
    }
}
