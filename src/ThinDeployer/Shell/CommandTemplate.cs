namespace ThinDeployer.Shell;

/// <summary>
/// A command with placeholders. A value never becomes a part of it: it travels in an environment variable, and the placeholder becomes a
/// reference to that, quoted for its place.
/// </summary>
internal sealed class CommandTemplate
{
    private readonly IReadOnlyList<PlaceholderSite> _sites;

    /// <summary>What every rendering is, where no shell is needed; null where one is.</summary>
    private readonly ShellCommand? _plain;

    private CommandTemplate(string source, IReadOnlyList<PlaceholderSite> sites)
    {
        Source = source;
        _sites = sites;
        _plain = PlainWords.Of(source) is { } words ? new ShellCommand(source, [], words) : null;
        Placeholders = [.. sites.Select(site => site.Placeholder)];
    }

    /// <summary>As written.</summary>
    internal string Source { get; }

    /// <summary>All outside comments, in the order of the text. Two may share a percent sign.</summary>
    internal IReadOnlyList<Placeholder> Placeholders { get; }

    /// <summary>Those that can be filled in, with the quoting of their places.</summary>
    internal IReadOnlyList<PlaceholderSite> Sites => _sites;

    /// <summary>Takes any text, also one that no shell would.</summary>
    internal static CommandTemplate Parse(string command) => new(command, ShellLexer.FindPlaceholders(command));

    /// <summary>
    /// The placeholders that <see cref="Render"/> leaves as written, in the order of the text; but for what is rather a
    /// format's than meant for a value.
    /// </summary>
    /// <param name="hasValue">Told a name.</param>
    internal IEnumerable<Placeholder> Unfilled(Func<string, bool> hasValue)
    {
        var done = 0;
        foreach (var placeholder in Placeholders)
        {
            if (placeholder.Index < done)
            {
                continue;
            }

            if (placeholder.Refusal is null && hasValue(placeholder.Name))
            {
                done = placeholder.End;
            }
            else if (!FormatDirective.Holds(Source, placeholder))
            {
                yield return placeholder;
            }
        }
    }

    /// <summary>The command for these values. A placeholder that is refused or has no value stays as written.</summary>
    internal ShellCommand Render(Func<string, PlaceholderValue?> valueOf) =>
        _plain ?? new CommandRendering(Source, _sites, valueOf).ToCommand();
}
