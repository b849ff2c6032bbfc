namespace ThinDeployer.Storage;

/// <summary>A connection that reads, with what it has compiled. Not for use by two threads at once.</summary>
internal sealed class ReadConnection(RecordConnection connection) : IDisposable
{
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    /// <param name="sql">One of the few constants of this room; the same text always has the same parameters.</param>
    /// <param name="parameters">As <see cref="Statement"/> says.</param>
    internal Statement Compiled(string sql, params ReadOnlySpan<string> parameters)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new Statement(connection, sql, parameters);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    /// <summary>The connection takes its statements with it.</summary>
    public void Dispose() => connection.Dispose();
}
