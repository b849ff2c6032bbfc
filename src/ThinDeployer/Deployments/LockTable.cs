namespace ThinDeployer.Deployments;

/// <summary>Which deployment holds which <c>lock</c>. The queue's lock guards it.</summary>
internal sealed class LockTable
{
    private readonly Dictionary<string, string> _holders = new(StringComparer.Ordinal);

    /// <summary>The id of the one that holds it; null for none, and for one that needs no lock.</summary>
    internal string? HolderOf(string? name) => name is null ? null : _holders.GetValueOrDefault(name);

    /// <param name="name">Null for one that needs none.</param>
    /// <param name="id">Of the deployment.</param>
    internal void Take(string? name, string id)
    {
        if (name is not null)
        {
            _holders[name] = id;
        }
    }

    /// <summary>Nothing where another one holds it.</summary>
    internal void Release(string? name, string id)
    {
        if (HolderOf(name) == id)
        {
            _holders.Remove(name!);
        }
    }
}
