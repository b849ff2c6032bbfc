using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>Reads <c>may</c>: what a credential may do. Knows the words for it.</summary>
internal static class RightsReader
{
    private static readonly (Rights Right, string Name)[] Known =
    [
        (Rights.Deploy, "deploy"),
        (Rights.Read, "read"),
        (Rights.Cancel, "cancel"),
        (Rights.Approve, "approve"),
        (Rights.Pause, "pause"),
        (Rights.Rollback, "rollback"),
    ];

    internal static IReadOnlyList<string> Names { get; } = [.. Known.Select(known => known.Name)];

    /// <summary>The words of rights, in a fixed order.</summary>
    internal static IReadOnlyList<string> NamesOf(Rights rights) =>
        [.. Known.Where(known => rights.HasFlag(known.Right)).Select(known => known.Name)];

    /// <param name="keys">Where <c>may</c> may stand.</param>
    /// <returns>None after a mistake: what is not understood gives no right.</returns>
    internal static Rights Read(MapReader keys)
    {
        if (keys.Node("may") is null or YamlText { IsNothing: true })
        {
            return Rights.Default;
        }

        var (may, hasMistake) = (Rights.None, false);
        foreach (var item in keys.List("may"))
        {
            var right = Right(item, keys.Context);
            hasMistake |= right is Rights.None;
            may |= right;
        }

        if (keys.Node("may") is YamlList { Items.Count: 0 } empty)
        {
            keys.Context.Mistake(
                empty.Place,
                $"\"may\" is empty, so this could do nothing; name some of: {string.Join(", ", Names)}"
            );
        }

        return hasMistake ? Rights.None : may;
    }

    private static Rights Right(YamlNode item, ReadingContext context)
    {
        if (item is not YamlText text)
        {
            context.Mistake(item.Place, $"a right must be one of: {string.Join(", ", Names)}");
            return Rights.None;
        }

        if (Scalars.Interpolated(text, context) is not { } written)
        {
            return Rights.None;
        }

        if (Array.Find(Known, known => known.Name == written) is { Name: not null } found)
        {
            return found.Right;
        }

        var advice = NearestName.Of(written, Names) is { } nearest
            ? $"did you mean {Quote.Of(nearest)}?"
            : $"known here: {string.Join(", ", Names)}";
        context.Mistake(text.Place, $"unknown right {Quote.Of(written)}; {advice}");
        return Rights.None;
    }
}
