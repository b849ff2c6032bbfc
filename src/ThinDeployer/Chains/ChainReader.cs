using ThinDeployer.Yaml;

namespace ThinDeployer.Chains;

/// <summary>Reads <c>then</c>, and finds what can't be followed.</summary>
internal static class ChainReader
{
    /// <summary>The services that follow one, each with its place.</summary>
    internal static IReadOnlyList<YamlText> Read(MapReader service)
    {
        var names = new List<YamlText>();
        var nodes = service.Node("then") is YamlText { Text.Length: > 0 } one ? [one] : service.List("then");
        foreach (var node in nodes)
        {
            if (node is not YamlText { Text.Length: > 0 } name)
            {
                service.Context.Mistake(node.Place, "an entry of \"then\" must be the name of a service");
            }
            else if (names.Any(other => other.Text == name.Text))
            {
                service.Context.Mistake(name.Place, $"\"then\" names {Quote.Of(name.Text)} twice");
            }
            else
            {
                names.Add(name);
            }
        }

        return names;
    }

    /// <summary>Tells of names that are no service, and of circles, each once.</summary>
    /// <param name="chains">What follows each service.</param>
    /// <param name="tell">Takes the place, the service, and what is wrong.</param>
    internal static void Check(
        IReadOnlyDictionary<string, IReadOnlyList<YamlText>> chains,
        Action<Place, string, string> tell
    )
    {
        foreach (var (service, next) in chains)
        {
            foreach (var name in next.Where(name => !chains.ContainsKey(name.Text)))
            {
                var nearest = NearestName.Of(name.Text, chains.Keys);
                tell(
                    name.Place,
                    service,
                    $"\"then\" names {Quote.Of(name.Text)}, which is no service"
                        + (nearest is null ? "" : $"; did you mean {Quote.Of(nearest)}?")
                );
            }
        }

        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var service in chains.Keys)
        {
            Follow(service, [], chains, done, tell);
        }
    }

    /// <summary>Depth first; what was left once leads into no circle that is not told.</summary>
    private static void Follow(
        string service,
        List<string> path,
        IReadOnlyDictionary<string, IReadOnlyList<YamlText>> chains,
        HashSet<string> done,
        Action<Place, string, string> tell
    )
    {
        if (done.Contains(service))
        {
            return;
        }

        path.Add(service);
        foreach (var name in chains[service].Where(name => chains.ContainsKey(name.Text)))
        {
            var begin = path.IndexOf(name.Text);
            if (begin < 0)
            {
                Follow(name.Text, path, chains, done, tell);
            }
            else
            {
                var circle = string.Join(" → ", path[begin..].Append(name.Text));
                tell(name.Place, service, $"\"then\" leads in a circle: {circle}");
            }
        }

        path.RemoveAt(path.Count - 1);
        done.Add(service);
    }
}
