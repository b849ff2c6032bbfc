namespace ThinDeployer.Yaml;

/// <summary>How many nodes (texts, keys, lists, maps) one file may stand for, an alias counting as all it stands for.</summary>
internal sealed class NodeBudget
{
    internal const int MaximumNodes = 10_000;

    private int _left = MaximumNodes;

    /// <summary>False when there are not that many left; nothing is taken then.</summary>
    internal bool TryTake(int nodes)
    {
        if (nodes > _left)
        {
            return false;
        }
        _left -= nodes;
        return true;
    }
}
