using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ThinDeployer.Yaml;

/// <summary>
/// Makes a tree of the parser's events, without recursion: YamlDotNet's own tree overflows the stack on 100,000
/// <c>[</c>, which no catch survives. Depth and nodes are checked before anything is built.
/// </summary>
internal sealed class YamlTreeBuilder(string file, NodeBudget budget, Problems problems)
{
    /// <summary>Lists and maps inside each other, those behind aliases included.</summary>
    internal const int MaximumDepth = 64;

    internal const string NoTags = "tags are not read here; write the value without \"!…\"";

    private readonly Stack<OpenNode> _open = new();
    private readonly Anchors _anchors = new();
    private YamlNode _root = new YamlText(Place.StartOf(file), "", IsQuoted: false);
    private bool _isStopped;

    /// <summary>Null after a mistake that leaves nothing to read. A file without any node is an empty text.</summary>
    internal YamlNode? Build(YamlEvents events)
    {
        var documents = 0;
        while (!_isStopped && events.Next() is { } parsed)
        {
            var place = events.PlaceOf(parsed);
            if (parsed is DocumentStart && ++documents > 1)
            {
                Mistake(place, "a second document begins here; one document a file");
                return _root;
            }
            Take(parsed, place);
        }
        if (events.Mistake is var (where, message))
        {
            Mistake(where, message);
            return null;
        }
        return _isStopped ? null : _root;
    }

    private void Take(ParsingEvent parsed, Place place)
    {
        switch (parsed)
        {
            case AnchorAlias alias:
                TakeAlias(alias.Value.Value, place);
                break;
            case Scalar scalar:
                if (MayTake(scalar, place, depth: _open.Count))
                {
                    Add(new Built(TextOf(scalar, place), Nodes: 1, Height: 0), NameOf(scalar));
                }
                break;
            case SequenceStart list:
                Open(list, place, new OpenList(place, NameOf(list)));
                break;
            case MappingStart map:
                Open(map, place, new OpenMap(place, NameOf(map), isTop: _open.Count == 0, problems));
                break;
            case SequenceEnd or MappingEnd:
                var closed = _open.Pop();
                Add(new Built(closed.Close(), closed.Nodes, closed.Height), closed.Anchor);
                break;
        }
    }

    private void Open(NodeEvent start, Place place, OpenNode node)
    {
        if (MayTake(start, place, depth: _open.Count + 1))
        {
            if (node.Anchor is { } name)
            {
                _anchors.Begin(name);
            }
            _open.Push(node);
        }
    }

    private void TakeAlias(string name, Place place)
    {
        if (!_anchors.TryFind(name, out var target, out var mistake))
        {
            Mistake(place, mistake);
            target = new Built(new YamlText(place, "", IsQuoted: false), Nodes: 1, Height: 0);
        }
        if (MayGrow(place, target.Nodes, depth: _open.Count + target.Height))
        {
            // As a key, a text counts as written where it is used: that is where a duplicate has to be mended.
            var node = target.Node is YamlText text && IsKeyNext ? text with { Place = place } : target.Node;
            Add(target with { Node = node }, name: null);
        }
    }

    private bool IsKeyNext => _open.TryPeek(out var open) && open is OpenMap { IsKeyNext: true };

    private bool MayTake(NodeEvent node, Place place, int depth)
    {
        if (!node.Tag.IsEmpty)
        {
            Mistake(place, NoTags);
        }
        return MayGrow(place, nodes: 1, depth);
    }

    private bool MayGrow(Place place, int nodes, int depth)
    {
        if (depth > MaximumDepth)
        {
            return Stop(place, $"more than {MaximumDepth} levels of lists and maps inside each other");
        }
        return budget.TryTake(nodes)
            || Stop(place, $"more than {NodeBudget.MaximumNodes:N0} values, counting what aliases stand for");
    }

    private bool Stop(Place place, string message)
    {
        Mistake(place, message);
        _isStopped = true;
        return false;
    }

    private void Add(Built built, string? name)
    {
        if (name is not null)
        {
            _anchors.End(name, built);
        }
        if (_open.TryPeek(out var parent))
        {
            parent.Add(built);
        }
        else
        {
            _root = built.Node;
        }
    }

    private YamlText TextOf(Scalar scalar, Place place)
    {
        var isQuoted = scalar.Style != ScalarStyle.Plain;
        var text = !isQuoted && scalar.Value is "~" or "null" or "Null" or "NULL" ? "" : scalar.Value;
        // The escape "\0" gets past the check of the file; no path, argument or environment variable can hold it.
        if (text.Contains('\0'))
        {
            Mistake(place, "a text can't hold a NUL character; remove the escape");
            text = "";
        }
        return new YamlText(place, text, isQuoted);
    }

    private static string? NameOf(NodeEvent node) => node.Anchor.IsEmpty ? null : node.Anchor.Value;

    private void Mistake(Place place, string message) => problems.Mistake(place, service: null, message);
}
