using System.Globalization;
using ThinDeployer.Shell;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Importing;

/// <summary>Writes what a hook runs as one command of a shell.</summary>
internal sealed class HookCommand(Hook hook, HookVariables variables, List<Told> told)
{
    private const string At = "commands";

    /// <summary>Before the command: what makes its files.</summary>
    private readonly List<string> _before = [];

    private readonly List<string> _files = [];

    internal string Write()
    {
        var environment = Environment();
        string[] words = [.. environment, Program(), .. hook.Arguments.Select(variables.Word)];
        var command = string.Join(' ', words);
        return _files.Count == 0 ? command : string.Join('\n', [.. Preamble(), .. _before, command]);
    }

    private string[] Preamble() =>
        ["set -e", $"trap 'rm -f {string.Join(' ', _files.Select(file => $"\"${file}\""))}' EXIT"];

    /// <summary>webhook looks for a program without a path in the hook's folder, if it has one.</summary>
    private string Program() =>
        hook.Command.Literal switch
        {
            null => variables.Word(hook.Command),
            var path
                when hook.Folder is null || path.StartsWith('/') || path.StartsWith("./", StringComparison.Ordinal) =>
                ShellQuoting.Program(path),
            var path => ShellQuoting.Constant($"./{path}"),
        };

    /// <summary>Assignments before the command; of a variable that is given twice, the last counts.</summary>
    private List<string> Environment()
    {
        var assignments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var value in hook.Environment)
        {
            Assign(assignments, value, value.Variable ?? $"HOOK_{value.Name.Literal}", () => variables.Word(value));
        }

        foreach (var value in hook.Files)
        {
            var name = value.Variable ?? $"HOOK_{value.Name.Literal?.ToUpperInvariant()}";
            Assign(assignments, value, name, () => FileOf(value, name));
        }

        // A shell takes no other names; the program "env" does.
        var needsEnv = assignments.Keys.Any(name => !VariableName.IsValid(name));
        return
        [
            .. needsEnv ? ["env"] : Array.Empty<string>(),
            .. assignments.Select(one =>
                $"{(VariableName.IsValid(one.Key) ? one.Key : ShellQuoting.Constant(one.Key))}={one.Value}"
            ),
        ];
    }

    private void Assign(Dictionary<string, string> assignments, HookValue value, string name, Func<string> word)
    {
        if (name.Contains('=') || ShellWord.IsEvaluated(name))
        {
            told.Add(
                new Told(
                    Gravity.Loss,
                    value.Place,
                    At,
                    $"the variable {Quote.Of(name)}, which a shell reads as code; give it another name"
                )
            );
            return;
        }

        assignments.Remove(name);
        assignments.Add(name, word());
    }

    private string FileOf(HookValue value, string name)
    {
        if (value is { Source: "entire-payload" or "raw-request-body", IsBase64: false })
        {
            return variables.Word(value).Length > 0 ? "\"$DEPLOYMENT_PAYLOAD_FILE\"" : "";
        }

        told.Add(
            new Told(
                Gravity.Note,
                value.Place,
                At,
                "the file is made by the command, of at most 4 KiB; what is larger can be taken from $DEPLOYMENT_PAYLOAD_FILE"
            )
        );
        var file = string.Create(CultureInfo.InvariantCulture, $"file{_files.Count + 1}");
        var template = hook.Folder is null ? "" : $" \"$PWD/{(VariableName.IsValid(name) ? name : "file")}.XXXXXX\"";
        _files.Add(file);
        _before.Add($"{file}=$(mktemp{template})");
        _before.Add($"printf %s {variables.Word(value)}{(value.IsBase64 ? " | base64 -d" : "")} > \"${file}\"");
        return $"\"${file}\"";
    }
}
