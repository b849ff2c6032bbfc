using System.Globalization;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Importing;

/// <summary>Gives services names that they may have, each once.</summary>
internal sealed class ServiceNames
{
    /// <summary>Of a name; some are left for a number behind it.</summary>
    private const int MaximumLength = 120;

    /// <summary>Such a key at the top is free for anchors, and no service.</summary>
    private const string SharedPrefix = "x-";

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    internal bool Has(string id) => _ids.Contains(id);

    internal string Of(Hook hook, List<Told> told)
    {
        _ids.Add(hook.Id);
        var plain = Plain(hook.Id);
        var name = plain;
        for (var number = 2; !_names.Add(name); number++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{plain}-{number}");
        }

        if (name != hook.Id)
        {
            told.Add(
                new Told(
                    Gravity.Note,
                    hook.Place,
                    "token",
                    $"the id {Quote.Of(hook.Id)} can't be the name of a service; its path is /deploy/{name}"
                )
            );
        }

        return name;
    }

    /// <summary>With "-" for each character that a name can't have.</summary>
    internal static string Plain(string id)
    {
        var name = string.Concat(id.Select(character => IsOfName(character) ? character : '-'));
        name = name.StartsWith(SharedPrefix, StringComparison.Ordinal) ? $"hook-{name}" : name;
        return name[..Math.Min(name.Length, MaximumLength)];
    }

    private static bool IsOfName(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-';
}
