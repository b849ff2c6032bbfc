namespace ThinDeployer.Notifications;

/// <summary>The messages for one chat, in order. Its owner's lock guards it.</summary>
/// <typeparam name="T">A message.</typeparam>
internal sealed class NotificationLane<T>
{
    /// <summary>Messages that may wait while the chat is slow; further ones are dropped.</summary>
    internal const int MaximumWaiting = 256;

    private readonly Queue<T> _waiting = new();

    /// <summary>Those that found no room since the last time that this was told.</summary>
    private int _dropped;

    /// <summary>False where it is dropped.</summary>
    internal bool TryAdd(T message)
    {
        if (_waiting.Count == MaximumWaiting)
        {
            _dropped++;
            return false;
        }

        _waiting.Enqueue(message);
        return true;
    }

    internal bool TryTake(out T message, out int dropped)
    {
        (dropped, _dropped) = (_dropped, 0);
        return _waiting.TryDequeue(out message!);
    }
}
