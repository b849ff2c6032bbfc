using System.Text;
using ThinDeployer.Operating.Writing;

namespace ThinDeployer.Operating.Importing;

/// <summary>A service of ours, as it is written, with what is told of its hook.</summary>
/// <param name="name">Of the service.</param>
/// <param name="entries">Its keys.</param>
/// <param name="told">Of its hook.</param>
/// <param name="isShut">Whether its credential is put down as a comment, so that nobody is let in before an operator decides.</param>
internal sealed class ImportedService(
    string name,
    IReadOnlyList<WrittenEntry> entries,
    IReadOnlyList<Told> told,
    bool isShut
)
{
    private const string Indent = "  ";

    private static readonly string[] Credentials = ["token", "token_file", "token_header", "signature"];

    /// <summary>In the order in which they are written.</summary>
    private static readonly string[] Order =
    [
        .. Credentials,
        "pwd",
        "respond",
        "allow_get",
        "inherit_environment",
        "variables",
        "request_regexp",
        "when",
        "commands",
    ];

    internal string Write()
    {
        var text = new StringBuilder();
        if (entries.Count > 0)
        {
            text.Append(YamlQuoting.Scalar(name, isInFlow: true)).Append(":\n");
        }

        foreach (var key in Order)
        {
            foreach (var one in told.Where(one => one.At == key))
            {
                text.Append(Indent).Append("# ").Append(one.Text).Append('\n');
            }

            foreach (var entry in entries.Where(entry => entry.Key == key))
            {
                text.Append(
                    isShut && Credentials.Contains(key)
                        ? Commented(YamlWriter.Entry(key, entry.Value, ""))
                        : YamlWriter.Entry(key, entry.Value, Indent, isTall: key == "commands")
                );
            }
        }

        return text.ToString();
    }

    private static string Commented(string lines) =>
        string.Concat(lines.TrimEnd('\n').Split('\n').Select(line => $"{Indent}# {line}\n"));
}
