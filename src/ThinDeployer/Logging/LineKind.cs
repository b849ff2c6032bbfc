using Microsoft.Extensions.Logging;

namespace ThinDeployer.Logging;

/// <summary>
/// What is lost first where the log can't be written as fast as it comes. All that is not marked as one of these is what
/// an operator must not lose.
/// </summary>
internal static class LineKind
{
    /// <summary>A request like others before it.</summary>
    internal static EventId Request { get; } = new(1, "Request");

    /// <summary>The first request of an address with such an answer.</summary>
    internal static EventId FirstOfAddress { get; } = new(2, "FirstOfAddress");

    /// <summary>How many entries may wait for one of this kind to be taken.</summary>
    internal static int RoomFor(EventId kind) =>
        kind == Request ? LogQueue.RoomForRequests
        : kind == FirstOfAddress ? LogQueue.RoomForFirsts
        : LogQueue.Room;
}
