using ThinDeployer.Shell;
using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>Reads lists of steps: <c>commands</c>, <c>on_failure</c> and <c>on_success</c>.</summary>
/// <param name="declared">Names of <c>vars</c> and <c>variables</c>: a placeholder of these must stand at a safe place.</param>
/// <param name="variables">
/// Those of <c>variables</c>, with the characters beside letters and digits that their values may have (null for any); null
/// where an argument of a request may fill any placeholder.
/// </param>
internal sealed class StepPlanReader(
    IReadOnlySet<string> declared,
    IReadOnlyDictionary<string, string?>? variables,
    ReadingContext context
)
{
    private const int MaximumRetries = 100;
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>What was warned of: once a service is enough.</summary>
    private readonly HashSet<string> _undeclared = new(StringComparer.Ordinal);
    private readonly HashSet<string> _readAgain = new(StringComparer.Ordinal);

    internal List<StepPlan> Read(IReadOnlyList<YamlNode> items) => [.. items.Select(Step).OfType<StepPlan>()];

    private StepPlan? Step(YamlNode item) =>
        item switch
        {
            YamlText text => Plain(text),
            YamlMap map => Detailed(new MapReader(map, context)),
            _ => Mistake(item.Place, "a command must be a text, or a map with \"run\""),
        };

    private StepPlan? Plain(YamlText text) =>
        Command(text) is { } command
            ? new StepPlan(
                command,
                Folder: null,
                StepVariables.None,
                Timeout: null,
                Retries: 0,
                TimeSpan.FromSeconds(1),
                ContinueOnError: false,
                RunAs: null,
                Umask: null
            )
            : null;

    private StepPlan? Detailed(MapReader keys)
    {
        var command = keys.Node("run") switch
        {
            YamlText text => Command(text),
            null => Missing(keys.Place),
            var other => Missing(other.Place),
        };
        var timeout = keys.Duration("timeout", TimeSpan.Zero, ShortestTimeout, LongestTimeout);
        var step = new StepPlan(
            command ?? CommandTemplate.Parse(""),
            StepDefaultsReader.FolderOf(keys),
            EnvironmentReader.Read(keys),
            timeout == TimeSpan.Zero ? null : timeout,
            keys.Integer("retries", 0, 0, MaximumRetries),
            keys.Duration("retry_delay", TimeSpan.FromSeconds(1), ShortestTimeout, LongestDelay),
            keys.Boolean("continue_on_error", byDefault: false),
            RunAs.Read(keys),
            keys.FileMask("umask")
        );
        keys.Finish();
        return command is null ? null : step;
    }

    /// <summary>Null after a mistake.</summary>
    internal CommandTemplate? Command(YamlText text)
    {
        if (string.IsNullOrWhiteSpace(text.Text))
        {
            context.Mistake(text.Place, "a command is empty");
            return null;
        }

        var template = CommandTemplate.Parse(text.Text);
        foreach (var placeholder in template.Placeholders)
        {
            if (placeholder.Refusal is { } refusal && declared.Contains(placeholder.Name))
            {
                context.Mistake(
                    text.Place,
                    $"\"%{placeholder.Name}%\" can't be filled in safely {refusal}; "
                        + $"assign it before (value=%{placeholder.Name}%) and write \"$value\" there"
                );
            }
        }

        WarnOfUndeclared(template, text.Place);
        WarnOfReadersOfCode(template, text.Place);
        foreach (var advice in CommandAdvice.Of(text.Text, SystemShell.Program))
        {
            context.Warn(text.Place, advice);
        }

        return template;
    }

    private void WarnOfReadersOfCode(CommandTemplate command, Place place)
    {
        foreach (
            var use in SecondLevel
                .Known.Find(command)
                .Where(use => use.Reader.TakesCode(use.Placeholder.Name, variables))
        )
        {
            _readAgain.Add(use.Placeholder.Name);
            Warn($"%{use.Placeholder.Name}%", use.Reader, $"%{use.Placeholder.Name}%");
        }

        var unwarned = InEnvironment().Where(one => !_readAgain.Contains(one.Name)).ToList();
        var readerOf = unwarned.Count > 0 ? SecondLevel.Known.ReadersIn(command) : _ => null;
        foreach (var (name, variable) in unwarned)
        {
            if (readerOf(variable) is { } reader && reader.TakesCode(name, variables))
            {
                _readAgain.Add(name);
                Warn($"${variable}", reader, $"\"${variable}\"");
            }
        }

        void Warn(string what, CodeReader reader, string quoted) =>
            context.Warn(
                place,
                $"\"{what}\" is read as code again by {reader.Name}, whatever quotes stand here; {reader.CureFor(quoted)}"
            );
    }

    private IEnumerable<(string Name, string Variable)> InEnvironment() =>
        from name in variables?.Keys ?? []
        let variable = StepEnvironment.NameOf(name)
        where variable is not null
        select (name, variable);

    /// <summary>A misspelt name, here or in a request, would deploy <c>%name%</c> itself, and be green.</summary>
    private void WarnOfUndeclared(CommandTemplate command, Place place)
    {
        foreach (var placeholder in command.Unfilled(declared.Contains))
        {
            if (!declared.Contains(placeholder.Name) && _undeclared.Add(placeholder.Name))
            {
                context.Warn(place, $"\"%{placeholder.Name}%\" {Fate(placeholder)}");
            }
        }
    }

    private string Fate(Placeholder placeholder)
    {
        if (NearestName.Of(placeholder.Name, declared) is { } nearest)
        {
            return $"is not declared, so it may stay as written; did you mean \"%{nearest}%\"?";
        }

        if (placeholder.Refusal is { } refusal)
        {
            return $"stays as written, because it stands {refusal}; assign it before (value=%{placeholder.Name}%) and "
                + "write \"$value\" there, if a value is meant";
        }

        return variables is null
            ? "stays as written where a request does not give it; declare it in \"variables\", or give it a default in \"vars\""
            : "stays as written, because it is not among \"variables\"; declare it there, or give it a default in \"vars\"";
    }

    private CommandTemplate? Missing(Place place)
    {
        context.Mistake(place, "a step has no \"run\"; write the command there");
        return null;
    }

    private StepPlan? Mistake(Place place, string message)
    {
        context.Mistake(place, message);
        return null;
    }
}
