using System.Collections.Frozen;
using ThinDeployer.Chains;
using ThinDeployer.Deployments;
using ThinDeployer.Forges;
using ThinDeployer.Gates;
using ThinDeployer.Notifications;
using ThinDeployer.Rollouts;
using ThinDeployer.Rules;
using ThinDeployer.Schedules;
using ThinDeployer.Security;
using ThinDeployer.Shell;
using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>Reads a configuration, a file or a folder of files, with all that it includes.</summary>
internal sealed class ConfigurationReader
{
    /// <summary>Files of one configuration.</summary>
    private const int MaximumFiles = 1_000;

    private static readonly string TooShortToMask =
        $"shorter than {SecretMask.Shortest} bytes, so it can't be masked in output";

    private readonly Func<string, string?> _environment;
    private readonly string _homeFolder;
    private readonly Problems _problems = new();
    private readonly Dictionary<string, (ServiceConfiguration Service, Place Place)> _services = new(
        StringComparer.Ordinal
    );

    /// <summary>The chain of files that led here; one that comes twice in it is a cycle.</summary>
    private readonly Stack<string> _including = new();
    private int _files;

    /// <summary>What follows each service.</summary>
    private readonly Dictionary<string, IReadOnlyList<YamlText>> _chains = new(StringComparer.Ordinal);

    /// <summary>The keys at the top of all files.</summary>
    private readonly List<YamlText> _entries = [];

    private readonly PlainSecrets _secrets = new();

    private readonly IReadOnlyList<Secret> _serverSecrets;
    private readonly int _minimumTokenLength;
    private readonly DateTimeOffset _now;
    private readonly bool _isAgent;

    private ConfigurationReader(
        Func<string, string?> environment,
        string homeFolder,
        IReadOnlyList<Secret> serverSecrets,
        int minimumTokenLength,
        DateTimeOffset now,
        bool isAgent
    )
    {
        _now = now;
        _isAgent = isAgent;
        _serverSecrets = serverSecrets;
        _minimumTokenLength = minimumTokenLength;
        _environment = name => environment(name) is { Length: > 0 } value ? value : null;
        _homeFolder = homeFolder;
    }

    /// <param name="path">Full path of a file or a folder.</param>
    /// <param name="environment">The value of a variable, or null.</param>
    /// <param name="homeFolder">What <c>~/</c> stands for.</param>
    /// <param name="serverSecrets">What no service's output may show, besides its own; null for nothing.</param>
    /// <param name="minimumTokenLength">Characters that each token and secret should have; null for the default.</param>
    /// <param name="now">The time; null for none, before which nothing has ended.</param>
    /// <param name="isAgent">As <see cref="ConfigurationSettings.IsAgent"/>.</param>
    internal static ConfigurationSnapshot Read(
        string path,
        Func<string, string?> environment,
        string homeFolder,
        IReadOnlyList<Secret>? serverSecrets = null,
        int? minimumTokenLength = null,
        DateTimeOffset? now = null,
        bool isAgent = false
    )
    {
        var reader = new ConfigurationReader(
            environment,
            homeFolder,
            serverSecrets ?? [],
            minimumTokenLength ?? Switches.MinimumTokenLength.ByDefault,
            now ?? DateTimeOffset.MinValue,
            isAgent
        );
        reader.ReadPath(path, Place.StartOf(path));
        OpenFiles.WarnOfSecrets(reader._secrets, reader._problems);
        if (reader._serverSecrets.Any(secret => secret.IsPartlyShown))
        {
            reader._problems.Warn(
                Place.StartOf(path),
                service: null,
                $"HC_TOKEN, --admin-token, --viewer-token or --metrics-token is {TooShortToMask}"
            );
        }

        ChainReader.Check(reader._chains, reader._problems.Mistake);
        if (reader._services.Count == 0 && !reader._problems.HasMistakes)
        {
            reader._problems.Mistake(
                Place.StartOf(path),
                service: null,
                reader._entries.Count == 0 || !isAgent
                    ? "no service is configured; name at least one"
                    : "no service has commands, so there is nothing that this machine could do; give one \"commands\""
            );
        }

        return new ConfigurationSnapshot(
            reader._services.ToFrozenDictionary(
                entry => entry.Key,
                entry => entry.Value.Service,
                StringComparer.Ordinal
            ),
            reader.Sorted(),
            SettingMistakes: [],
            reader._problems.Sources
        );
    }

    /// <summary>As somebody reads who goes through the files from top to bottom.</summary>
    private List<Problem> Sorted() =>
        [
            .. _problems
                .Select(WithService)
                .Distinct()
                .OrderBy(problem => problem.Place.File, StringComparer.Ordinal)
                .ThenBy(problem => problem.Place.Line)
                .ThenBy(problem => problem.Place.Column),
        ];

    /// <summary>
    /// What was found while the text was read knows its place only: it belongs to the last entry that begins before it,
    /// and stands further in.
    /// </summary>
    private Problem WithService(Problem problem)
    {
        var entry = _entries.LastOrDefault(key =>
            key.Place.File == problem.Place.File
            && (key.Place.Line, key.Place.Column).CompareTo((problem.Place.Line, problem.Place.Column)) < 0
        );
        return problem.Service is null && entry is not null && problem.Place.Column > entry.Place.Column
            ? problem with
            {
                Service = Quote.Escaped(entry.Text),
            }
            : problem;
    }

    private void ReadPath(string path, Place namedAt)
    {
        _ = _problems.Sources.Exists(path);
        if (!Directory.Exists(path))
        {
            ReadFile(path, namedAt);
            return;
        }

        var files = FilesOf(path, namedAt);
        foreach (var file in files)
        {
            ReadFile(file, namedAt);
        }
    }

    private IReadOnlyList<string> FilesOf(string folder, Place namedAt)
    {
        try
        {
            var files = _problems.Sources.List(folder, MaximumFiles + 1);
            if (files.Count == 0)
            {
                _problems.Mistake(namedAt, service: null, $"the folder {Quote.Of(folder)} has no *.yml or *.yaml file");
            }

            foreach (var hidden in Sources.ListHidden(folder))
            {
                _problems.Warn(
                    Place.StartOf(hidden),
                    service: null,
                    "a hidden file is no part of a folder's configuration; rename it if it is meant"
                );
            }

            return files;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException && !OutOfDescriptors.IsCause(exception))
        {
            _problems.Mistake(namedAt, service: null, $"the folder {Quote.Of(folder)} can't be read");
            return [];
        }
    }

    private void ReadFile(string path, Place namedAt)
    {
        if (_including.Contains(path))
        {
            _problems.Mistake(namedAt, service: null, $"{Quote.Of(path)} includes itself; break the circle");
            return;
        }

        if (++_files > MaximumFiles)
        {
            if (_files == MaximumFiles + 1)
            {
                _problems.Mistake(
                    namedAt,
                    service: null,
                    $"more than {MaximumFiles} files belong to the configuration"
                );
            }

            return;
        }

        OpenFiles.WarnIfWritable(path, Place.StartOf(path), _problems);
        _including.Push(path);
        foreach (var entry in ServicesOf(YamlFile.Read(path, new NodeBudget(), _problems)?.Entries ?? []))
        {
            _entries.Add(entry.Key);
            if (!IsShared(entry))
            {
                ReadEntry(entry);
            }
        }

        _including.Pop();
    }

    /// <summary>Of a file that begins with the keys of a service one mistake is enough.</summary>
    private IEnumerable<YamlEntry> ServicesOf(IReadOnlyList<YamlEntry> entries)
    {
        if (
            entries.FirstOrDefault(entry =>
                entry is { Key.Text: "commands", Value: YamlList } or { Key.Text: "pwd", Value: YamlText }
            )
            is null
        )
        {
            return entries;
        }

        _problems.Mistake(
            entries[0].Key.Place,
            service: null,
            "these keys belong to a service; put its name above them, such as \"my-service:\", and indent them"
        );
        return entries.Where(entry =>
            IsShared(entry)
            || entry.Value is YamlMap map
                && map.Entries.Any(inner => inner.Key.Text is "commands" or RolloutReader.Machines or "include")
        );
    }

    private static bool IsShared(YamlEntry entry) =>
        entry.Key.Text.StartsWith(OpenMap.SharedPrefix, StringComparison.Ordinal);

    private void ReadEntry(YamlEntry entry)
    {
        var name = entry.Key.Text;
        if (entry.Value is not YamlMap map)
        {
            _problems.Mistake(entry.Key.Place, Quote.Escaped(name), "a service must be a map of its keys");
            return;
        }

        var context = new ReadingContext(_problems, Quote.Escaped(name), _environment, _homeFolder)
        {
            Secrets = _secrets,
            MinimumTokenLength = _minimumTokenLength,
            Now = _now,
            RunsElsewhere = !_isAgent && RunsElsewhere(map),
        };
        var keys = new MapReader(map, context);
        if (keys.Has("include"))
        {
            Include(keys);
            return;
        }

        CheckName(name, entry.Key.Place, context);
        var service = Masked(ReadService(name, entry.Key.Place, keys, _isAgent), context);
        if (_isAgent && keys.Has(RolloutReader.Machines) && !service.Plan.HasCommands)
        {
            return;
        }

        _chains.TryAdd(name, service.Then);
        if (!_services.TryAdd(name, (service, entry.Key.Place)))
        {
            context.Mistake(
                entry.Key.Place,
                $"a service of this name is defined already at {_services[name].Place}; give one of them another name"
            );
        }
    }

    /// <summary>A front runs nothing of a service of other machines but what follows the whole.</summary>
    private static bool RunsElsewhere(YamlMap service)
    {
        var keys = service.Entries.Select(entry => entry.Key.Text).ToList();
        return keys.Contains(RolloutReader.Machines)
            && !keys.Contains(Hook.OnFailure)
            && !keys.Contains(Hook.OnSuccess);
    }

    private void Include(MapReader keys)
    {
        var place = keys.Node("include")!.Place;
        if (keys.Path("include") is { } path && _problems.Sources.Exists(path))
        {
            ReadPath(path, place);
        }
        else if (keys.Path("include") is { } missing)
        {
            keys.Context.Mistake(place, $"\"include\" names {Quote.Of(missing)}, which does not exist");
        }
        else if (keys.Node("include") is YamlText { Text.Length: 0 })
        {
            keys.Context.Mistake(place, "\"include\" is empty; name a file or a folder");
        }

        // It would be lost: the services come from the included file.
        keys.Finish("nothing can stand beside \"include\"; the services come from the included file");
    }

    private static void CheckName(string name, Place place, ReadingContext context)
    {
        if (!ServiceName.IsValid(name))
        {
            context.Mistake(
                place,
                "the name of a service must have 1 to 128 characters of A-Z, a-z, 0-9, \".\", \"_\" and \"-\", and be "
                    + "neither \".\" nor \"..\""
            );
        }
    }

    /// <summary>The service, with what its deployments are masked with.</summary>
    private ServiceConfiguration Masked(ServiceConfiguration service, ReadingContext context)
    {
        var secrets = _serverSecrets.ToList();
        foreach (var (text, place) in context.MaskedTexts.All)
        {
            var secret = new Secret(text);
            secrets.Add(secret);
            if (secret.IsPartlyShown)
            {
                context.Warn(place, $"a secret, or a line of it, is {TooShortToMask}");
            }
        }

        return service with
        {
            Plan = service.Plan with { Secrets = SecretMask.Of(secrets) },
        };
    }

    /// <summary>All readers of a service, one after the other.</summary>
    /// <param name="name">Of the service.</param>
    /// <param name="place">Of its name.</param>
    /// <param name="keys">Of the service.</param>
    /// <param name="isAgent">
    /// Whether a front decides who deploys it, when, and who is told: what it says of that has no effect, right or wrong. Its
    /// secrets are masked all the same.
    /// </param>
    internal static ServiceConfiguration ReadService(string name, Place place, MapReader keys, bool isAgent = false)
    {
        var service = ReadAll(name, place, keys, isAgent ? keys.Unheard() : keys);
        keys.Finish();
        return isAgent
            ? service with
            {
                Credentials = Credentials.None,
                Plan = service.Plan with { Gate = GatePlan.Open, Rollout = null, Then = [] },
                Notify = [],
                Report = null,
                Schedules = [],
                Then = [],
            }
            : service;
    }

    /// <param name="name">Of the service.</param>
    /// <param name="place">Of its name.</param>
    /// <param name="keys">What it does.</param>
    /// <param name="front">The same, for who deploys it, when, and who is told.</param>
    private static ServiceConfiguration ReadAll(string name, Place place, MapReader keys, MapReader front)
    {
        var credentials = CredentialsReader.Read(front);
        var allowsGet = keys.Boolean("allow_get", byDefault: true);
        var rules = RulesReader.Read(keys, IsPlaceholderName);
        var plan = DeploymentPlanReader.Read(keys, rules.Variables?.Alphabets, RolloutReader.Read(front));
        var gate = GateReader.Read(front, credentials.Names);
        if (gate.Approval is { } approval)
        {
            credentials = credentials.WithApprovers(approval.By);
            if (!credentials.Tokens.Tokens.Any(token => token.May.HasFlag(Rights.Approve)))
            {
                front.Context.Warn(
                    front.Node("approval")!.Place,
                    "no token of this service may approve, so only the admin token can; name some by \"by\""
                );
            }
        }

        var service = new ServiceConfiguration(
            name,
            credentials,
            allowsGet,
            rules,
            plan with
            {
                Gate = gate,
            },
            NotifyReader.Read(front),
            ReportReader.Read(front, name),
            ScheduleReader.Read(front, rules.Variables, plan),
            place
        );
        var then = ChainReader.Read(front);
        return service with { Then = then, Plan = service.Plan with { Then = [.. then.Select(next => next.Text)] } };
    }

    private static bool IsPlaceholderName(string name) => Placeholder.NameAt($"%{name}%", 0) == name;
}
