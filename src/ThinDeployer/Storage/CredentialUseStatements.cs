using ThinDeployer.Security;

namespace ThinDeployer.Storage;

/// <summary>What the connection that writes does about the last uses of credentials.</summary>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class CredentialUseStatements(RecordConnection connection)
#pragma warning restore CA1001
{
    /// <summary>What was not used for so long is forgotten: it may be of a token that is gone.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    private readonly Statement _save = new(
        connection,
        "INSERT OR REPLACE INTO token_uses (service, name, used_at) VALUES ($service, $name, $at)",
        "$service",
        "$name",
        "$at"
    );

    private readonly Statement _forget = new(connection, "DELETE FROM token_uses WHERE used_at < $before", "$before");

    /// <param name="uses">At least one.</param>
    internal void Save(IReadOnlyList<CredentialUse> uses)
    {
        foreach (var use in uses)
        {
            _save.Run(use.Service, use.Name, use.At.ToUnixTimeMilliseconds());
        }

        _forget.Run((uses.Max(use => use.At) - Kept).ToUnixTimeMilliseconds());
    }
}
