using System.Text;

namespace ThinDeployer.Shell;

/// <summary>One rendering of a command, from left to right. What it has written is not looked at again.</summary>
internal sealed class CommandRendering(
    string source,
    IReadOnlyList<PlaceholderSite> sites,
    Func<string, PlaceholderValue?> valueOf
)
{
    /// <summary>Numbered, never named after a placeholder: dash drops names with <c>-</c> or <c>.</c>, and a request must not choose the name.</summary>
    private const string VariablePrefix = "THIN_DEPLOYER_V";

    private readonly Dictionary<string, PlaceholderValue?> _values = [];
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<KeyValuePair<string, string>> _variables = [];
    private readonly StringBuilder _script = new(source.Length);
    private int _done;

    internal ShellCommand ToCommand()
    {
        for (var i = 0; i < sites.Count; i++)
        {
            // The percent sign that closed the placeholder before this one can't open another.
            if (sites[i].Placeholder.Index < _done || ValueAt(sites[i]) is not { } value)
            {
                continue;
            }

            if (IsOmitted(i))
            {
                CopyUpTo(sites[i].Placeholder.Index);
                Omit(sites[i]);
            }
            else
            {
                CopyUpTo(sites[i].ReplaceFrom);
                Refer(sites[i], value.Text);
            }
        }

        CopyUpTo(source.Length);
        return new ShellCommand(_script.ToString(), _variables);
    }

    private PlaceholderValue? ValueAt(PlaceholderSite site)
    {
        if (site.Placeholder.Refusal is not null)
        {
            return null;
        }

        var name = site.Placeholder.Name;
        if (!_values.TryGetValue(name, out var value))
        {
            value = valueOf(name);
            _values.Add(name, value);
        }

        return value;
    }

    private void CopyUpTo(int end)
    {
        _script.Append(source, _done, end - _done);
        _done = end;
    }

    private void Refer(PlaceholderSite site, string value)
    {
        // In double quotes too the reference gets quotes of its own: inside of the others a neighbour could join with it.
        var quote = site.Quoting switch
        {
            Quoting.Single => "'",
            Quoting.Double => "\"",
            _ => "",
        };
        var name = VariablePrefix + Number(site.Placeholder.Name, value);
        _script.Append(site.Prefix).Append(quote).Append("\"${").Append(name).Append("}\"").Append(quote);
        _done = site.Placeholder.End;
    }

    private int Number(string name, string value)
    {
        if (!_numbers.TryGetValue(name, out var number))
        {
            number = _numbers.Count + 1;
            _numbers.Add(name, number);
            _variables.Add(new(VariablePrefix + number, value));
        }

        return number;
    }

    /// <summary>
    /// <c>ls %dir%</c> with an empty default runs <c>ls</c>, not <c>ls ''</c>. Within a longer word an empty reference comes to the same as
    /// nothing, and can't bring characters together that mean something else together.
    /// </summary>
    private bool IsOmitted(int index)
    {
        var end = sites[index].OmittableWordEnd;
        var covered = sites[index].Placeholder.Index;
        for (; index < sites.Count && covered < end; index++)
        {
            if (sites[index].Placeholder.Index < covered)
            {
                continue;
            }

            if (sites[index].Placeholder.Index > covered || ValueAt(sites[index]) is not { IsDefault: true, Text: "" })
            {
                return false;
            }

            covered = sites[index].Placeholder.End;
        }

        return covered == end;
    }

    /// <summary>Nothing, but between two operators a space: <c>;%v%;</c> must not become <c>;;</c>.</summary>
    private void Omit(PlaceholderSite site)
    {
        var start = site.Placeholder.Index;
        var end = site.OmittableWordEnd;
        var standsFree =
            start == 0
            || end == source.Length
            || source[start - 1] is ' ' or '\t'
            || source[end] is ' ' or '\t' or '\n';
        _script.Append(standsFree ? "" : " ");
        _done = end;
    }
}
