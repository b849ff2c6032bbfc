using ThinDeployer.Output;

namespace ThinDeployer.Lines;

/// <summary>Remembers where the lines of outputs are that were looked at last, so that the next look need not read all of them.</summary>
internal sealed class OutputLines
{
    /// <summary>Outputs that are remembered, of some 160 KiB at most.</summary>
    internal const int MostOutputs = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Remembered>> _byId = new(StringComparer.Ordinal);

    /// <summary>The one that was looked at last comes first.</summary>
    private readonly LinkedList<Remembered> _all = new();

    /// <summary>The lines of an output as it is now. It is read as far as it was not before.</summary>
    /// <param name="id">Of its deployment.</param>
    /// <param name="content">The output.</param>
    /// <param name="isComplete">Whether it has ended.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal IndexedOutput Of(string id, OutputContent content, bool isComplete, CancellationToken cancellationToken) =>
        IndexOf(id).UpTo(content, isComplete, cancellationToken);

    private LineIndex IndexOf(string id)
    {
        lock (_lock)
        {
            if (_byId.TryGetValue(id, out var known))
            {
                _all.Remove(known);
            }
            else
            {
                known = new LinkedListNode<Remembered>(new Remembered(id, new LineIndex()));
                _byId.Add(id, known);
                if (_byId.Count > MostOutputs)
                {
                    _byId.Remove(_all.Last!.Value.Id);
                    _all.RemoveLast();
                }
            }

            _all.AddFirst(known);
            return known.Value.Index;
        }
    }

    private sealed record Remembered(string Id, LineIndex Index);
}
