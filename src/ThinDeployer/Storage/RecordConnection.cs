using Microsoft.Data.Sqlite;

namespace ThinDeployer.Storage;

/// <summary>A connection that takes its statements with it: the file stays open as long as one of them is there.</summary>
internal sealed class RecordConnection(string how) : SqliteConnection(how)
{
    private readonly List<Statement> _statements = [];

    internal void Add(Statement statement) => _statements.Add(statement);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _statements.ForEach(statement => statement.Dispose());
            _statements.Clear();
        }

        base.Dispose(disposing);
    }
}
