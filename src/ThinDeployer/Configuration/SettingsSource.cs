using ThinDeployer.Security;

namespace ThinDeployer.Configuration;

/// <summary>
/// Takes settings from switches and environment variables, and gathers what can't be understood. A switch wins; what is empty
/// counts as not set.
/// </summary>
/// <param name="switchOf">The value of a switch, or null; itself null on a host without a command line.</param>
/// <param name="variable">The value of an environment variable, or null.</param>
internal sealed class SettingsSource(Func<Switch, string?>? switchOf, Func<string, string?> variable)
{
    private readonly List<string> _mistakes = [];

    /// <summary>A sentence each.</summary>
    internal IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>Whether there is such a folder or not; empty where the user has none.</summary>
    internal static string HomeFolder =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    /// <summary>Its default also where it can't be understood.</summary>
    internal T Of<T>(Switch<T> one)
    {
        if (TextOf(one) is not { } text)
        {
            return one.ByDefault;
        }

        if (one.TryRead(text, out var value))
        {
            return value;
        }

        Refuse(one, one.Demand);
        return one.ByDefault;
    }

    /// <summary>Whether somebody has set it.</summary>
    internal bool Has(Switch one) => TextOf(one) is not null;

    /// <summary>The full path of what has its default in the user's home; a mistake where there is none.</summary>
    internal string PathOf(Switch<string?> one)
    {
        if (TextOf(one) is null)
        {
            if (one.StandIns.Select(FolderOf).OfType<string>().FirstOrDefault() is { } folder)
            {
                return folder;
            }

            if (!Path.IsPathRooted(HomeFolder))
            {
                Refuse(one, "must be set to a full path, because there is no home folder for its default");
            }
        }

        return Of(one)!;
    }

    /// <summary>What is set and must not be shown. Nobody has a digest's text.</summary>
    internal IReadOnlyList<Secret> Secrets() =>
        [
            .. Switches
                .All.Where(one => one.IsSecret)
                .Select(one => TextOf(one) is { } text ? one.SecretOf!(text) : null)
                .OfType<Secret>(),
        ];

    /// <summary>What a variable says that is no setting of ours; null where it is not set.</summary>
    internal string? Foreign(string name) => variable(name);

    /// <param name="one">What can't be as it is set.</param>
    /// <param name="demand">The end of a sentence that begins with it.</param>
    internal void Refuse(Switch one, string demand) => _mistakes.Add($"{NameOf(one)} {demand}");

    /// <summary>On a host without a command line, only the variable means something to the operator.</summary>
    private string NameOf(Switch one) =>
        one.IsVariableOnly ? one.Variable
        : switchOf?.Invoke(one) is { Length: > 0 } ? $"--{one.Name}"
        : $"--{one.Name} ({one.Variable})";

    /// <summary>Null when it is not set.</summary>
    private string? TextOf(Switch one)
    {
        if (one.IsEndpoint && switchOf is null)
        {
            return null;
        }

        var given = one.IsVariableOnly ? null : switchOf?.Invoke(one);
        var text = given is { Length: > 0 } ? given : variable(one.Variable);
        return (one.IsSecret && text is not null ? SecretLines.WithoutLineEnd(text) : text) is { Length: > 0 } kept
            ? kept
            : null;
    }

    /// <summary>
    /// Null where it names none by a full path. Of several, as systemd gives them with colons between (systemd.exec(5)), the
    /// first.
    /// </summary>
    private string? FolderOf(StandIn standIn) =>
        variable(standIn.Variable)?.Split(':')[0] is { } path && Path.IsPathRooted(path)
            ? Path.Join(path, standIn.Below)
            : null;
}
