namespace ThinDeployer.Machines;

/// <summary>What a front knows of a machine at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">How it stands.</param>
internal sealed record KnownMachine(string Name, MachineState State)
{
    /// <summary>While it is joining: when its code is over, or was.</summary>
    internal DateTimeOffset? CodeUntil { get; init; }

    internal DateTimeOffset? JoinedAt { get; init; }

    /// <summary>By our clock; null for one that was never heard of.</summary>
    internal DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>Of Thin Deployer there; null where it is not known.</summary>
    internal string? Version { get; init; }

    /// <summary>How far its clock is before ours, with the way of the message; null where it was not heard since we started.</summary>
    internal TimeSpan? ClockSkew { get; init; }

    /// <summary>The names of the services that it can deploy; null as above.</summary>
    internal IReadOnlyList<string>? Services { get; init; }
}

/// <summary>How a machine stands.</summary>
internal enum MachineState
{
    /// <summary>It has a code, or had one, and has not used it.</summary>
    Joining,

    /// <summary>It has joined, and nothing else was ever heard of it.</summary>
    Never,

    /// <summary>It was heard of a moment ago.</summary>
    Online,

    /// <summary>It was not heard of for <see cref="MachineRegistry.AwayAfter"/>.</summary>
    Away,
}

internal static class MachineStates
{
    /// <summary>As the API has it.</summary>
    internal static string Name(this MachineState state) =>
        state switch
        {
            MachineState.Joining => "joining",
            MachineState.Never => "never",
            MachineState.Online => "online",
            _ => "away",
        };
}
