using System.Globalization;
using ThinDeployer.Operating.Writing;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Importing;

/// <summary>Makes a service of a hook.</summary>
internal sealed class HookConversion
{
    private readonly Hook _hook;
    private readonly HookSources _sources;
    private readonly List<Told> _told;
    private readonly List<WrittenEntry> _entries = [];
    private bool _isShut;

    private HookConversion(Hook hook)
    {
        _hook = hook;
        _sources = new HookSources(hook);
        _told = [.. hook.Told];
    }

    /// <param name="hook">As it was read.</param>
    /// <param name="names">Gives its service a name.</param>
    /// <param name="told">All that is told of it.</param>
    internal static ImportedService Of(Hook hook, ServiceNames names, out IReadOnlyList<Told> told)
    {
        var conversion = new HookConversion(hook);
        told = conversion._told;
        if (names.Has(hook.Id))
        {
            conversion.TellWhole("a second hook with this id, which webhook never runs; give it another one");
            return conversion.Finish("");
        }

        if (FaultOfTemplate(hook) is { } fault)
        {
            conversion.TellWhole(fault);
            return conversion.Finish("");
        }

        var name = names.Of(hook, conversion._told);
        conversion.Convert();
        return conversion.Finish(name);
    }

    private ImportedService Finish(string name) => new(name, _entries, _told, _isShut);

    private void TellWhole(string message) => _told.Add(new Told(Gravity.LostRule, _hook.Place, "token", message));

    private static string? FaultOfTemplate(Hook hook)
    {
        IEnumerable<HookText?> texts =
        [
            hook.Command,
            hook.Folder,
            .. hook.Arguments.Concat(hook.Environment).Concat(hook.Files).Select(value => value.Name),
        ];
        return
            texts
                .OfType<HookText>()
                .Any(text => text.Parts.Any(part => part is TextPart.Unknown or TextPart.FileContent))
            || hook.Folder is { Value: null }
            ? "the hook, whose template has more than getenv; write what it makes, and import it again"
            : null;
    }

    private void Convert()
    {
        var choice = CredentialChoice.Of(_hook, _told);
        AddFolder();
        Add("respond", new Written.Word(_hook.WantsOutput ? "wait" : "accepted"));
        if (_hook is { WantsOutput: true, WantsOutputOfFailures: false })
        {
            Tell(Gravity.Note, "respond", "the answer has the output of a failed command, too; webhook kept it back");
        }

        AddMethods(choice.Others);
        AddRules(choice.Others);
        AddCommand();
        AddCredential(choice.Credential);
    }

    private void Add(string key, Written value) => _entries.Add(new WrittenEntry(key, value));

    private void Tell(Gravity weight, string at, string message, Place? place = null) =>
        _told.Add(new Told(weight, place ?? _hook.Place, at, message));

    private void AddFolder()
    {
        if (_hook.Folder is { } folder)
        {
            Add("pwd", new Written.Text(folder.Value!));
            if (folder.Literal is { } path && !path.StartsWith('/'))
            {
                Tell(Gravity.Note, "pwd", "this folder is relative to the configuration's own here", folder.Place);
            }

            return;
        }

        var command = _hook.Command.Literal ?? "";
        var parent = command.StartsWith('/') ? Path.GetDirectoryName(command) ?? "/" : "/";
        Add("pwd", new Written.Text(parent.Replace("${", "$${", StringComparison.Ordinal)));
        Tell(
            Gravity.Note,
            "pwd",
            "the hook names no folder, so it ran where webhook was started; look whether this one will do"
        );
    }

    private void AddMethods(IReadOnlyList<HookRule> rules)
    {
        var isPosted = rules.Any(IsPosted);
        if (_hook.Methods.Count == 0 && !isPosted)
        {
            return;
        }

        if (isPosted || !_hook.Methods.Contains("GET"))
        {
            Add("allow_get", new Written.Word("false"));
        }

        if (_hook.Methods.Count > 0 && !_hook.Methods.Contains("POST"))
        {
            _isShut = true;
            Tell(
                Gravity.LostRule,
                "allow_get",
                "\"http-methods\" without POST, which is always taken here; whoever may deploy by GET may then post, too",
                _hook.MethodsPlace
            );
        }

        if (_hook.Methods.Any(method => method is not ("GET" or "POST")))
        {
            Tell(Gravity.Loss, "allow_get", "other methods than GET and POST; let the sender post", _hook.MethodsPlace);
        }
    }

    /// <summary>What a rule of webhook can say of the method, and <c>allow_get</c>, too: here there are GET and POST only.</summary>
    private static bool IsPosted(HookRule rule) =>
        rule
            is HookRule.Match
            {
                Type: "value",
                Operand.Literal: "POST",
                Value: { Source: "request", Name.Literal: { } name },
            }
        && name.Equals("method", StringComparison.OrdinalIgnoreCase);

    private void AddRules(IReadOnlyList<HookRule> rules)
    {
        var translation = new RuleTranslation(_hook, _sources, _told);
        var demanded = new List<Translated>();
        var isAnd = _hook.Rule is HookRule.And;
        foreach (var rule in rules.Where(rule => !IsPosted(rule)))
        {
            if (AddBodyPattern(rule))
            {
                continue;
            }

            if (translation.Of(rule, isInAnd: isAnd) is var translated and not Translated.Never)
            {
                demanded.Add(translated);
                continue;
            }

            _isShut = true;
            if (!_told.Exists(one => one.Gravity is Gravity.LostRule))
            {
                Tell(Gravity.LostRule, "when", "a rule that never matches: webhook never runs this hook", rule.Place);
            }
        }

        if (Translated.All(demanded) is Translated.Rule(var when))
        {
            Add("when", when);
        }
    }

    /// <summary>A pattern for the whole body has a key of its own, once.</summary>
    private bool AddBodyPattern(HookRule rule)
    {
        if (
            rule
                is not HookRule.Match
                {
                    Type: "regex",
                    Value.Source: "raw-request-body",
                    Operand.Literal: { Length: > 0 } go
                }
            || _entries.Exists(entry => entry.Key == "request_regexp")
            || GoPattern.Translate(go) is not { } pattern
        )
        {
            return false;
        }

        Add("request_regexp", new Written.Text(pattern));
        return true;
    }

    private void AddCommand()
    {
        var variables = new HookVariables(_sources, _told);
        var command = new HookCommand(_hook, variables, _told).Write();
        if (_hook.Command.Literal?.Any(char.IsWhiteSpace) == true)
        {
            Tell(
                Gravity.Note,
                "commands",
                "\"execute-command\" is the name of one program, blanks and all",
                _hook.Command.Place
            );
        }

        if (variables.Inherited.Count > 0)
        {
            Add("inherit_environment", Written.ListOf(variables.Inherited));
        }

        if (variables.Declared.Count > 0)
        {
            Add("variables", new Written.Map(variables.Declared));
        }

        Add("commands", new Written.List([new Written.Text(command)]));
    }

    private void AddCredential(IReadOnlyList<WrittenEntry> credential)
    {
        _entries.AddRange(credential);
        if (credential.Count == 0)
        {
            Tell(
                Gravity.Task,
                "token",
                "add a token: no credential of the hook fits here, and nobody is let in without one; for example "
                    + string.Create(CultureInfo.InvariantCulture, $"token_file: {ServiceNames.Plain(_hook.Id)}.token")
            );
        }
        else if (_isShut)
        {
            Tell(
                Gravity.Task,
                "token",
                "shut until you decide: without what is not carried over, more would be let in; take the \"#\" off the lines below"
            );
        }
    }
}
