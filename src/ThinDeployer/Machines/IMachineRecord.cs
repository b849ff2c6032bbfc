using System.Security.Cryptography;

namespace ThinDeployer.Machines;

/// <summary>The machines of a front, on disk. Saving fails as that of deployments does.</summary>
internal interface IMachineRecord
{
    /// <summary>By name.</summary>
    IReadOnlyList<MachineEntry> All();

    /// <summary>Adds one, or changes it.</summary>
    Task SaveAsync(MachineEntry machine);

    /// <summary>Nothing where there is none.</summary>
    Task RemoveAsync(string name);
}

/// <summary>A machine as the front keeps it.</summary>
/// <param name="Name">As <c>machines</c> of a service has it.</param>
/// <param name="AddedAt">When it was made.</param>
internal sealed record MachineEntry(string Name, DateTimeOffset AddedAt)
{
    /// <summary>
    /// What the join code proves itself by, and the front's half of the key. It stays beside <see cref="SharedSecret"/> until the
    /// machine is first heard of, because it may ask again; then null.
    /// </summary>
    internal PendingJoin? Pending { get; init; }

    /// <summary>What both sides sign with, once it has joined. 32 bytes.</summary>
    internal byte[]? SharedSecret { get; init; }

    internal DateTimeOffset? JoinedAt { get; init; }

    /// <summary>As it was last saved; newer in memory.</summary>
    internal DateTimeOffset? LastSeenAt { get; init; }

    internal string? Version { get; init; }
}

/// <param name="Secret">32 bytes of the join code.</param>
/// <param name="FrontKey">The front's private key for this machine: PKCS#8.</param>
/// <param name="Until">The code is of no use from then on.</param>
internal sealed record PendingJoin(byte[] Secret, byte[] FrontKey, DateTimeOffset Until)
{
    /// <param name="key">The front's, for this machine.</param>
    /// <param name="now">The time.</param>
    internal static PendingJoin New(JoinKey key, DateTimeOffset now) =>
        new(
            RandomNumberGenerator.GetBytes(MachineKeys.Length),
            key.Private,
            // A code has whole milliseconds.
            DateTimeOffset.FromUnixTimeMilliseconds((now + JoinCode.Life).ToUnixTimeMilliseconds())
        );

    /// <summary>What both sides come to; null where the machine's key is none.</summary>
    /// <param name="machineKey">As <see cref="Join.Key"/>. May come from anybody.</param>
    internal byte[]? SecretWith(string machineKey)
    {
        var bytes = new byte[JoinKey.LargestPublic];
        if (!Convert.TryFromBase64String(machineKey, bytes, out var length))
        {
            return null;
        }

        using var front = JoinKey.OfPrivate(FrontKey);
        return front?.AgreeWith(bytes[..length]);
    }
}

/// <summary>The orders of a machine, on disk. Saving fails as that of deployments does.</summary>
internal interface IOrderRecord
{
    /// <summary>Null for one that was never seen, or is long over.</summary>
    SeenOrder? Find(string id);

    /// <summary>Remembers one that is not to be deployed. An order that is deployed is saved together with its acceptance.</summary>
    Task RefuseAsync(SeenOrder order);

    /// <summary>Those whose end the front does not have yet, in the order in which they came.</summary>
    IReadOnlyList<SeenOrder> Unreported();

    /// <summary>Saves how far the front has it, and forgets those that are reported and long over.</summary>
    /// <param name="order">With <see cref="SeenOrder.Position"/>, <see cref="SeenOrder.Marks"/> and <see cref="SeenOrder.IsReported"/>.</param>
    /// <param name="forgetBefore">Reported ones that expired before are forgotten.</param>
    Task SaveReportedAsync(SeenOrder order, DateTimeOffset forgetBefore);
}

/// <summary>An order that a machine has seen.</summary>
/// <param name="Id">Of the deployment that it became, too.</param>
/// <param name="Expires">It can't come again later than that.</param>
internal sealed record SeenOrder(string Id, DateTimeOffset Expires)
{
    /// <summary>How it was refused, as a state's name; null where it became a deployment.</summary>
    internal string? Refusal { get; init; }

    internal string? Reason { get; init; }

    /// <summary>Bytes of output that the front has.</summary>
    internal long Position { get; init; }

    /// <summary>Steps at that place that the front has.</summary>
    internal int Marks { get; init; }

    internal bool IsReported { get; init; }
}
