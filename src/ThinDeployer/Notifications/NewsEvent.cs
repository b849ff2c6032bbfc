namespace ThinDeployer.Notifications;

/// <summary>What people can be told of.</summary>
internal enum NewsEvent
{
    Accepted,
    Started,

    /// <summary>It waits for somebody's approval.</summary>
    Waiting,
    Succeeded,

    /// <summary>Every bad end.</summary>
    Failed,

    /// <summary>A success that follows a bad end.</summary>
    Recovered,
}

internal static class NewsEvents
{
    internal static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<NewsEvent>().Select(Name)];

    /// <summary>The word of the configuration.</summary>
    internal static string Name(this NewsEvent happened) =>
        happened switch
        {
            NewsEvent.Accepted => "accepted",
            NewsEvent.Started => "started",
            NewsEvent.Waiting => "waiting",
            NewsEvent.Succeeded => "succeeded",
            NewsEvent.Failed => "failed",
            NewsEvent.Recovered => "recovered",
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, message: null),
        };

    /// <summary>Null for a word that names none.</summary>
    internal static NewsEvent? Parse(string name) =>
        Enum.GetValues<NewsEvent>().Where(one => one.Name() == name).Select(one => (NewsEvent?)one).FirstOrDefault();
}
