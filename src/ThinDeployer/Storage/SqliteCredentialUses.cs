using ThinDeployer.Security;

namespace ThinDeployer.Storage;

/// <summary>When each credential was used last, in the file of the record.</summary>
internal sealed class SqliteCredentialUses(RecordReader reader, RecordWriter writer) : ICredentialUseRecord
{
    public IReadOnlyList<CredentialUse> Uses(int limit) =>
        reader.Read(connection =>
            connection
                .Compiled("SELECT service, name, used_at FROM token_uses ORDER BY used_at DESC LIMIT $limit", "$limit")
                .Rows(row => new CredentialUse(row.Text(0), row.Text(1), row.Time(2)), limit)
        );

    public Task SaveAsync(IReadOnlyList<CredentialUse> uses) =>
        writer.SaveAsync(statements => statements.Uses.Save(uses), mayBlock: false, isOfWhatRuns: false);
}
