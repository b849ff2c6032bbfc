using System.Diagnostics;
using System.Text;

namespace ThinDeployer.Tests.Shell;

/// <summary>Runs many commands with few process starts: one shell runs a script that starts a shell for each.</summary>
internal sealed class ShellBatch : IDisposable
{
    private const string Boundary = "\u0001--boundary--\u0001";

    /// <summary>Hundreds of shells start in this time on a machine that is busy with other things.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shell-batch-");
    private readonly StringBuilder _script = new();

    /// <summary>The file whose existence tells that a value was run. A value says <c>$D/H</c>, so that it can't come to be by a redirection to the value.</summary>
    private string Canary => Path.Combine(_folder.FullName, "canary", "H");

    internal void Add(string shell, string command, IEnumerable<KeyValuePair<string, string>> variables)
    {
        foreach (var (name, value) in variables)
        {
            _script.Append(name).Append('=').Append(Quote(value)).Append(' ');
        }

        // Reading over the end of its output would be a lost case, so a limit holds for each.
        _script.Append(shell).Append(" -c ").Append(Quote(command)).Append(" </dev/null 2>/dev/null\n");
        _script.Append("if [ -e \"$D/H\" ]; then printf CANARY; /bin/rm -f \"$D/H\"; fi\n");
        _script.Append("printf %s ").Append(Quote(Boundary)).Append('\n');
    }

    /// <summary>What each command printed, with CANARY at its end if a value was run.</summary>
    internal string[] Run()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Canary)!);
        var work = _folder.CreateSubdirectory("work");
        var script = Path.Combine(_folder.FullName, "script");
        File.WriteAllText(script, _script.ToString());

        var start = new ProcessStartInfo("/bin/dash", [script])
        {
            WorkingDirectory = work.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["D"] = Path.GetDirectoryName(Canary);
        start.Environment["u"] = "uu";

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!output.Wait(Limit))
        {
            process.Kill();
            throw new TimeoutException("A command does not end:\n" + _script);
        }

        return output.Result.Split(Boundary)[..^1];
    }

    public void Dispose() => TemporaryFolder.Remove(_folder.FullName);

    private static string Quote(string text) => "'" + text.Replace("'", "'\\''") + "'";
}
