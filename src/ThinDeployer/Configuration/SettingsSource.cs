using System.Globalization;
using ThinDeployer.Addresses;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>Takes settings from switches and environment variables, and gathers what can't be understood.</summary>
internal sealed class SettingsSource(Func<string, string?> switchOf, Func<string, string?> variable)
{
    private const string VariablePrefix = "THIN_DEPLOYER_";

    /// <summary>Of the command line alone: the server's own, and the client's.</summary>
    private static readonly string[] OfCommandLine = ["PORT", "LISTEN", "SERVER", "TOKEN", "TOKEN_FILE"];

    private readonly List<string> _mistakes = [];
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>A sentence each.</summary>
    internal IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>Whether there is such a folder or not; empty where the user has none.</summary>
    internal static string HomeFolder =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    internal static string VariableOf(string switchName) =>
        VariablePrefix + switchName.Replace('-', '_').ToUpperInvariant();

    /// <summary>
    /// A sentence for each variable that most likely was meant for a setting. What is near none is not ours to judge:
    /// Kubernetes and Docker make variables such as <c>THIN_DEPLOYER_SERVICE_HOST</c> by themselves.
    /// </summary>
    internal IEnumerable<string> Misspelt(IEnumerable<string> names)
    {
        foreach (var name in names.Where(name => !_asked.Contains(name)).Order(StringComparer.Ordinal))
        {
            if (Meant(name) is { } meant && meant != name)
            {
                yield return $"there is no setting {Quote.Of(name)}, so it has no effect; did you mean {Quote.Of(meant)}?";
            }
        }
    }

    private string? Meant(string name)
    {
        var known = _asked
            .Where(asked => asked.StartsWith(VariablePrefix, StringComparison.Ordinal))
            .Select(asked => asked[VariablePrefix.Length..])
            .Concat(OfCommandLine)
            .ToList();
        if (!name.StartsWith(VariablePrefix, StringComparison.Ordinal))
        {
            return name.StartsWith("thin", StringComparison.OrdinalIgnoreCase)
                ? NearestName.Of(name, known.Select(end => VariablePrefix + end))
                : null;
        }

        // Without what all have in common: it would let short names pass for one another.
        var written = name[VariablePrefix.Length..];
        return NearestName.Of(written, known) is { } nearest ? VariablePrefix + nearest : null;
    }

    /// <summary>Null when it is not set, or empty.</summary>
    internal string? Variable(string name) => variable(name) is { Length: > 0 } value ? value : null;

    /// <summary>A secret that only a variable sets; null when it is not set.</summary>
    internal Secret? VariableSecret(string name) => SecretOf(Variable(name)) is { } secret ? new Secret(secret) : null;

    /// <summary>A full path; null when it is not set.</summary>
    internal string? Path(string name) =>
        Value(name) is { } text
            ? ConfiguredPath.Resolve(text, System.IO.Path.GetFullPath("any file here"), HomeFolder)
            : null;

    /// <summary>
    /// A folder that the environment names by a full path; null when it does not. Of several, as systemd gives them with
    /// colons between (systemd.exec(5)), the first.
    /// </summary>
    internal string? VariableFolder(string name) =>
        Variable(name)?.Split(':')[0] is { } path && System.IO.Path.IsPathRooted(path) ? path : null;

    /// <summary>The default of a path that is in the user's home; a mistake where there is none.</summary>
    internal string InHome(string name, string path)
    {
        if (!System.IO.Path.IsPathRooted(HomeFolder))
        {
            _mistakes.Add(
                $"{NameOf(name)} must be set to a full path, because there is no home folder for its default"
            );
        }

        return System.IO.Path.Join("/", HomeFolder, path);
    }

    /// <summary>
    /// The full path of a file that can be written, made with its folder if need be, for its owner only; null when it is not
    /// set.
    /// </summary>
    internal string? WritableFile(string name)
    {
        if (Path(name) is not { } path)
        {
            return null;
        }

        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path) ?? "/");
            using var file = new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.Append,
                    Access = FileAccess.Write,
                    Share = FileShare.ReadWrite,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            );
            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _mistakes.Add($"{NameOf(name)} must be a file that can be written; {Quote.Of(path)} can't");
            return null;
        }
    }

    /// <summary>One of some words, of which the first is the default.</summary>
    internal string Choice(string name, params string[] words) =>
        Read(
            NameOf(name),
            Value(name),
            words[0],
            $"must be one of: {string.Join(", ", words)}",
            (string text, out string word) =>
            {
                word = text;
                return words.Contains(text, StringComparer.Ordinal);
            }
        );

    /// <summary>Bytes.</summary>
    internal long Size(string name, long byDefault, long maximum) =>
        Read(
            NameOf(name),
            Value(name),
            byDefault,
            $"must be a size of at most {maximum} bytes, such as 25MiB or 64KiB",
            (string text, out long bytes) => Scalars.TrySize(text, out bytes) && bytes <= maximum
        );

    internal TimeSpan Duration(string name, TimeSpan byDefault, TimeSpan maximum) =>
        Read(
            NameOf(name),
            Value(name),
            byDefault,
            $"must be a duration of at most {Scalars.Written(maximum)}, such as 30s or 5m",
            (string text, out TimeSpan duration) => Scalars.TryDuration(text, out duration) && duration <= maximum
        );

    internal int Integer(string name, int byDefault, int minimum, int maximum) =>
        Number(NameOf(name), Value(name), byDefault, minimum, maximum);

    /// <summary>False when it is not set. Beside YAML's words for yes and no, <c>1</c> and <c>0</c> count.</summary>
    internal bool Boolean(string name) =>
        Read(
            NameOf(name),
            Value(name),
            byDefault: false,
            "must be true or false",
            (string text, out bool value) =>
            {
                value = text == "1";
                return value || text == "0" || Scalars.TryBoolean(text, out value);
            }
        );

    /// <summary>None when it is not set.</summary>
    internal NetworkList Networks(string name) =>
        Read(
            NameOf(name),
            Value(name),
            NetworkList.None,
            "must be addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8",
            (string text, out NetworkList networks) => (networks = NetworkList.Parse(text)!) is not null
        );

    /// <summary>A number that only a variable sets.</summary>
    internal int VariableNumber(string name, int byDefault, int maximum) =>
        Number(name, Variable(name), byDefault, minimum: 0, maximum);

    /// <summary>Null when it is not set.</summary>
    internal Token? Token(string name)
    {
        if (SecretOf(Value(name)) is not { } text)
        {
            return null;
        }

        var token = Security.Token.Parse(name, text);
        if (token is null)
        {
            _mistakes.Add($"--{name} must be a text, or \"sha256:\" and 64 hexadecimal digits");
        }

        return token;
    }

    /// <summary>Those that are set, and no digests.</summary>
    /// <param name="variableName">Of one that only a variable sets.</param>
    /// <param name="names">Of tokens.</param>
    internal IReadOnlyList<Secret> Secrets(string variableName, params string[] names) =>
        [
            .. names
                .Select(name => SecretOf(Value(name)))
                .Where(text => text is not null && Security.Token.Parse(name: null, text) is { IsPlain: true })
                .Select(text => new Secret(text!))
                .Append(VariableSecret(variableName))
                .OfType<Secret>(),
        ];

    private delegate bool TryParse<T>(string text, out T value);

    private int Number(string shownName, string? text, int byDefault, int minimum, int maximum) =>
        Read(
            shownName,
            text,
            byDefault,
            $"must be a whole number from {minimum} to {maximum}",
            (string written, out int number) =>
                int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out number)
                && number >= minimum
                && number <= maximum
        );

    private T Read<T>(string shownName, string? text, T byDefault, string demand, TryParse<T> parse)
    {
        if (text is null)
        {
            return byDefault;
        }

        if (parse(text, out var value))
        {
            return value;
        }

        _mistakes.Add($"{shownName} {demand}");
        return byDefault;
    }

    /// <summary>On a host without a command line, only the variable means something to the operator.</summary>
    private string NameOf(string name) =>
        switchOf(name) is { Length: > 0 } ? $"--{name}" : $"--{name} ({VariableOf(name)})";

    /// <summary>Null where nothing is left of it.</summary>
    private static string? SecretOf(string? text) =>
        text is not null && SecretLines.WithoutLineEnd(text) is { Length: > 0 } secret ? secret : null;

    /// <summary>A switch wins.</summary>
    private string? Value(string name)
    {
        _asked.Add(VariableOf(name));
        return switchOf(name) is { Length: > 0 } value ? value : Variable(VariableOf(name));
    }
}
