using System.IO.Pipes;
using System.Text;
using CliWrap;
using ThinDeployer.Shell;

namespace ThinDeployer.Steps;

/// <summary>Starts the shell of one step with the rights of another user.</summary>
/// <param name="account">The other user.</param>
/// <param name="folder">Where the step runs.</param>
internal sealed class UserSwitch(UserAccount account, string folder)
{
    /// <summary>
    /// Comes before the command, on its line. The folder is entered by the server, which may enter any: without the
    /// first, a command would fail somewhere in the middle. The second waits for the end of the input, which comes when
    /// the user owns the pipes and the process is where it belongs. Arguments, not text, carry what is configured.
    /// </summary>
    private const string Begin =
        "[ -x \"$1/.\" ] || { printf %s \"$2\" >&2; exit 126; }; shift 2; "
        + "read -r THIN_DEPLOYER_I; unset THIN_DEPLOYER_I; ";

    /// <summary>Without arguments, <c>export</c> would list all that there is.</summary>
    private const string Export = "export \"$@\"; set --; ";

    /// <summary>What setpriv says begins so. The shell may say something too, such as that a locale is missing.</summary>
    private const string Refusal = "setpriv: ";

    /// <summary>Variables that load files into a program before it does anything, besides those of LD_ (ld.so(8)).</summary>
    private static readonly string[] ReadByLoader =
    [
        "GCONV_PATH",
        "GLIBC_TUNABLES",
        "LOCPATH",
        "MALLOC_TRACE",
        "NLSPATH",
    ];

    private readonly string _mayNotEnter = $"user {account.Name} may not enter the folder \"{folder}\"";
    private readonly StringBuilder _complaints = new();
    private readonly TaskCompletionSource _outputIsOwned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Nothing, and its end when the user owns both pipes and all else is ready.</summary>
    internal PipeSource Input(Task ready) =>
        PipeSource.Create(
            (stream, _) =>
            {
                Own((PipeStream)stream);
                return Task.WhenAll(_outputIsOwned.Task, ready);
            }
        );

    /// <summary>What is said before the shell puts its two streams together: only why it can't start.</summary>
    internal PipeTarget Complaints => PipeTarget.ToStringBuilder(_complaints);

    /// <summary>Once it has ended: why it did not start, as a part of a sentence; null where it did.</summary>
    internal string? WhyNotStarted()
    {
        var complaints = _complaints.ToString();
        return complaints.EndsWith(_mayNotEnter, StringComparison.Ordinal) ? _mayNotEnter
            : complaints.StartsWith(Refusal, StringComparison.Ordinal) ? complaints.Split('\n')[0].Trim()
            : null;
    }

    /// <summary>The whole command line.</summary>
    /// <param name="shell">Full path.</param>
    /// <param name="script">What it runs.</param>
    /// <param name="environment">Loses what must not reach a program that is still root's.</param>
    internal string[] Line(string shell, string script, Dictionary<string, string?> environment)
    {
        var exported = HideFromLoader(environment);
        return
        [
            .. RunAs.Prefix(account),
            shell,
            "-c",
            Begin + (exported.Count > 0 ? Export : "") + script,
            shell,
            folder,
            _mayNotEnter,
            .. exported,
        ];
    }

    /// <summary>The output has been made the user's: only then may the command begin.</summary>
    internal void OwnOutput(PipeStream output)
    {
        Own(output);
        _outputIsOwned.SetResult();
    }

    /// <summary>
    /// Takes out what the loader reads. setpriv is root when it starts, so a library folder that belongs to the user
    /// would give the user the rights of root.
    /// </summary>
    /// <returns>What was taken out, as <c>NAME=value</c>.</returns>
    internal static IReadOnlyList<string> HideFromLoader(Dictionary<string, string?> environment)
    {
        var hidden = environment.Where(variable => IsReadByLoader(variable.Key)).ToList();
        foreach (var (name, _) in hidden)
        {
            environment[name] = null;
        }

        return
        [
            .. hidden
                .Where(variable => variable.Value is not null)
                .Select(variable => $"{variable.Key}={variable.Value}"),
        ];
    }

    /// <summary>Names that no shell can export mean nothing to the loader either.</summary>
    private static bool IsReadByLoader(string name) =>
        ReadByLoader.Contains(name, StringComparer.Ordinal)
        || (name.StartsWith("LD_", StringComparison.Ordinal) && VariableName.IsValid(name));

    /// <summary>
    /// Without that the user could not open <c>/dev/stdin</c> or <c>/dev/stdout</c>, as scripts do. Where the server may
    /// not give them away, all else works all the same.
    /// </summary>
    private void Own(PipeStream pipe) => account.Own(pipe.SafePipeHandle);
}
