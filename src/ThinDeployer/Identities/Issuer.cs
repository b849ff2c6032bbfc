using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace ThinDeployer.Identities;

/// <summary>
/// The keys of one issuer, as they are remembered. Strangers can make it ask once a minute at most, and few of them wait for the
/// answer; who has a known key never waits.
/// </summary>
/// <param name="name">As its tokens name it.</param>
/// <param name="client">Asks it.</param>
/// <param name="gone">Ends the asking, when the server ends.</param>
internal sealed partial class Issuer(
    string name,
    IssuerClient client,
    TimeProvider time,
    ILogger logger,
    CancellationToken gone
)
{
    /// <summary>A key that its issuer takes back counts for no longer, unless the issuer is down.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>So long its last keys count while it is down.</summary>
    internal static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>Between two questions that were answered.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>After one that was not, where nothing is known.</summary>
    internal static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(10);

    /// <summary>A request waits so long for an answer.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Requests that wait for one answer.</summary>
    private const int MaximumWaiting = 64;

    private readonly Lock _lock = new();
    private IReadOnlyList<SigningKey> _keys = [];
    private DateTimeOffset? _hadAt;
    private DateTimeOffset? _askedAt;
    private Task? _asking;
    private int _waiting;
    private bool _isWarnedOf;

    /// <summary>Those that count now; empty where they can't be had.</summary>
    /// <param name="token">For which one is looked for.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    internal async ValueTask<IReadOnlyList<SigningKey>> KeysForAsync(
        IdentityToken token,
        CancellationToken cancellationToken
    )
    {
        if (IsWorthWaiting(token, out var answer))
        {
            try
            {
                await answer.WaitAsync(Patience, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // What is known has to do.
            }
            finally
            {
                lock (_lock)
                {
                    _waiting--;
                }
            }
        }

        lock (_lock)
        {
            return time.GetUtcNow() - _hadAt <= Kept ? _keys : [];
        }
    }

    /// <summary>False where what is known is enough, or must be.</summary>
    private bool IsWorthWaiting(IdentityToken token, [NotNullWhen(true)] out Task? answer)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            answer = null;
            if (now - _hadAt <= Fresh && ProvenIdentity.Named(token, _keys).Count > 0)
            {
                return false;
            }

            if (_asking is null && !(now - _askedAt < (_keys.Count > 0 ? Pause : ShortPause)))
            {
                _askedAt = now;
                _asking = Task.Run(AskAsync, CancellationToken.None);
            }

            if (_asking is null || _waiting >= MaximumWaiting)
            {
                return false;
            }

            _waiting++;
            answer = _asking;
            return true;
        }
    }

    /// <summary>Never throws: who waits for it goes on by what is known.</summary>
    private async Task AskAsync()
    {
        IssuerAnswer answer = new IssuerAnswer.Failed("the server ends");
        try
        {
            answer = await client.AskAsync(name, gone);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // Nobody needs it any more.
        }
#pragma warning disable CA1031 // Whatever it is, the issuer counts as silent, and is asked again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            answer = new IssuerAnswer.Failed($"it can't be asked: {exception.GetType().Name}");
        }

        lock (_lock)
        {
            _asking = null;
            if (answer is IssuerAnswer.Keys(var keys))
            {
                _keys = keys;
                _hadAt = time.GetUtcNow();
            }

            Tell(answer);
        }
    }

    private void Tell(IssuerAnswer answer)
    {
        switch (answer)
        {
            case IssuerAnswer.Failed(var why) when !_isWarnedOf && !gone.IsCancellationRequested:
                _isWarnedOf = true;
                Log.Silent(logger, name, why);
                break;
            case IssuerAnswer.Keys when _isWarnedOf:
                _isWarnedOf = false;
                Log.Back(logger, name);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The keys of the issuer {Issuer} can't be had: {Reason}; those that are known count for 24 h, and this is told once, until they can"
        )]
        internal static partial void Silent(ILogger logger, string issuer, string reason);

        [LoggerMessage(LogLevel.Information, "The keys of the issuer {Issuer} can be had again")]
        internal static partial void Back(ILogger logger, string issuer);
    }
}
