using ThinDeployer.Audit;

namespace ThinDeployer.Storage;

/// <summary>Writes who did what. Nothing of it changes; the oldest goes.</summary>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class AuditStatements(RecordConnection connection)
#pragma warning restore CA1001
{
    private readonly Statement _add = new(
        connection,
        "INSERT INTO audit (at, content) VALUES ($at, $content)",
        "$at",
        "$content"
    );

    private readonly Statement _forgetMany = new(
        connection,
        "DELETE FROM audit WHERE number <= (SELECT max(number) FROM audit) - $most",
        "$most"
    );

    /// <summary>The first that stays is soon found: those before it are few.</summary>
    private readonly Statement _forgetOld = new(
        connection,
        "DELETE FROM audit WHERE number < (SELECT number FROM audit WHERE at >= $since ORDER BY number LIMIT 1)",
        "$since"
    );

    internal void Add(DateTimeOffset at, AuditEntry entry) =>
        _add.Run(at.ToUnixTimeMilliseconds(), RowJson.Write(entry));

    internal void Forget(DateTimeOffset keptSince, int most)
    {
        _forgetMany.Run(most);
        _forgetOld.Run(keptSince.ToUnixTimeMilliseconds());
    }
}
