using System.Text.RegularExpressions;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Steps;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>Looks at a service with the rights and the environment of its steps: what works by hand may not work there.</summary>
/// <param name="unit">What the server is called as a unit of systemd.</param>
/// <param name="confinement">Of the server; null where it can't be seen.</param>
internal sealed partial class ServiceExamination(ServiceConfiguration service, string unit, Confinement? confinement)
{
    private readonly DeploymentPlan _plan = service.Plan;

    internal async Task<IReadOnlyList<Finding>> RunAsync()
    {
        if (!_plan.RunsHere)
        {
            return [Finding.Good(What("machines"), "nothing of it runs on this machine")];
        }

        if (!Directory.Exists(_plan.Folder))
        {
            return [Finding.Bad(What("pwd"), $"{_plan.Folder} is no folder", "make it, or name another")];
        }

        StepPlan[] steps = [.. _plan.All.Where(step => step.Url is null)];
        var findings = new List<Finding>();
        foreach (var step in Different([null, .. steps]))
        {
            findings.Add(await UserAsync(step));
            findings.Add(await FolderAsync(step));
        }

        findings.AddRange(steps.Where(step => SelfRestart.IsIn(step.Source, unit)).Select(_ => OwnRestart()));
        findings.AddRange(Confined(steps));
        var isFirst = true;
        foreach (var step in steps)
        {
            if (StepPrograms.Of(step.Source).Contains("docker"))
            {
                findings.AddRange(await DockerAsync(step));
            }

            foreach (var program in StepPrograms.Of(step.Source))
            {
                findings.Add(await ProgramAsync(step, program, isFirst));
                isFirst = false;
            }
        }

        foreach (var step in Different(_plan.Steps.Where(step => UsesGit.IsMatch(step.Source))))
        {
            findings.AddRange(await GitAsync(step));
        }

        return [.. findings.Distinct()];
    }

    /// <summary>One for each user and folder.</summary>
    private IEnumerable<StepPlan?> Different(IEnumerable<StepPlan?> steps) =>
        steps.DistinctBy(step => (UserNameOf(step), FolderOf(step)));

    private string UserNameOf(StepPlan? step) => step?.RunAs?.Name ?? _plan.Common.UserName;

    private string FolderOf(StepPlan? step) => step?.Folder ?? _plan.Folder;

    private async Task<Finding> UserAsync(StepPlan? step)
    {
        var (code, output) = await StepProbe.AskAsync(
            _plan,
            step,
            "/",
            """
            echo "$(id -un), of the groups $(id -Gn), HOME=$HOME, PATH=$asked"
            (PATH=$asked; command -v ls >/dev/null) || exit 3
            [ -d "$HOME" ] && [ -w "$HOME" ]
            """
        );
        return code == 0 ? Finding.Good(What("user"), output)
            : code == 3
                ? Finding.Bad(
                    What("PATH"),
                    $"{output}, which has no folder with the usual programs, such as ls",
                    $"set PATH in \"environment\", such as {StepEnvironment.DefaultPath}"
                )
            : Finding.Doubtful(
                What("user"),
                output,
                "its home folder is missing or can't be written, which git, ssh and npm need"
            );
    }

    private async Task<Finding> FolderAsync(StepPlan? step)
    {
        var folder = FolderOf(step);
        if (!Directory.Exists(folder))
        {
            return Finding.Doubtful(What("pwd"), $"{folder} is no folder now", "right if a command before makes it");
        }

        var (code, output) = await StepProbe.AskAsync(
            _plan,
            step,
            "/",
            """stat -c 'of %U, mode %a' "$1"; cd "$1" || exit 2; [ -w . ]""",
            folder
        );
        var user = UserNameOf(step);
        var cure = $"chown it to {user}, or set run_as";
        return code switch
        {
            0 => Finding.Good(What("pwd"), $"{folder}, {output}, writable"),
            1 => Finding.Doubtful(What("pwd"), $"{folder}, {output}, can't be written by {user}", cure),
            _ => Finding.Bad(
                What("pwd"),
                $"{folder} can't be entered by {user} ({output.ReplaceLineEndings(" ")})",
                cure
            ),
        };
    }

    private IEnumerable<Finding> Confined(StepPlan[] steps)
    {
        if (confinement is null)
        {
            yield break;
        }

        if (steps.Any(step => _plan.Common.UserOf(step) is not null) && !confinement.CanBecomeAnother)
        {
            yield return Finding.Bad(
                What("run_as"),
                "the server may not become another user",
                "without User= in the unit, and with CAP_SETUID and CAP_SETGID in CapabilityBoundingSet="
            );
        }

        var commands = new ConfinedCommands(confinement);
        foreach (var step in steps)
        {
            var isRoot = (_plan.Common.UserOf(step)?.UserId ?? confinement.UserId) == 0;
            foreach (var finding in commands.Examine(step.Source, isRoot, What))
            {
                yield return finding;
            }
        }
    }

    private async Task<IReadOnlyList<Finding>> DockerAsync(StepPlan step)
    {
        const string socket = "/var/run/docker.sock";
        var (code, output) = await StepProbe.AskAsync(
            _plan,
            step,
            "/",
            """
            [ -z "$DOCKER_HOST$DOCKER_CONTEXT" ] || exit 0
            [ -e "$1" ] || exit 2
            [ -w "$1" ] || { stat -c 'of %U:%G, mode %a' -L "$1"; exit 3; }
            """,
            socket
        );
        return code switch
        {
            2 =>
            [
                Finding.Doubtful(
                    What("docker"),
                    $"{socket} is not there",
                    "start docker, or set DOCKER_HOST in \"environment\""
                ),
            ],
            3 =>
            [
                Finding.Bad(
                    What("docker"),
                    $"{socket}, {output}, can't be written by {UserNameOf(step)}",
                    $"add it to the socket's group and restart the server: usermod --append --groups docker {UserNameOf(step)}; "
                        + "that gives it root's rights, in effect"
                ),
            ],
            _ => [],
        };
    }

    private Finding OwnRestart() =>
        Finding.Bad(
            What("own restart"),
            $"a command waits for the restart of {unit}, which is this server: it is stopped before it ends, and its "
                + "deployment is interrupted and rolled back",
            $"as the last command: systemctl restart --no-block {unit}"
        );

    /// <param name="isFirst">Whether nothing runs before it that could make it.</param>
    private async Task<Finding> ProgramAsync(StepPlan step, string program, bool isFirst)
    {
        var folder = FolderOf(step);
        var (code, output) = await StepProbe.AskAsync(
            _plan,
            step,
            Directory.Exists(folder) ? folder : "/",
            """PATH=$asked; found=$(command -v -- "$1") || exit 1; echo "$found"; case $found in /*|./*) [ -x "$found" ] ;; esac""",
            program
        );
        if (code == 0)
        {
            return output.Contains('/') && Interpreter.IsMissing(Path.GetFullPath(output, folder), out var complaint)
                ? Finding.Bad(What(program), $"{output} {complaint}", "mend its first line, or install what it names")
                : Finding.Good(What(program), output);
        }

        if (output.Length > 0)
        {
            return Finding.Bad(What(program), $"{output} can't be executed", "chmod +x it");
        }

        return !isFirst && program.Contains('/')
            ? Finding.Doubtful(What(program), $"not in {folder} now", "right if a command before makes it")
            : Finding.Bad(
                What(program),
                $"not found in {folder} or in the steps' PATH",
                "install it, or set PATH in \"environment\""
            );
    }

    private async Task<IReadOnlyList<Finding>> GitAsync(StepPlan? step)
    {
        var (folder, user) = (FolderOf(step), UserNameOf(step));
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var (code, output) = await StepProbe.AskAsync(_plan, step, folder, "LC_ALL=C git remote -v");
        if (output.Contains("dubious ownership", StringComparison.Ordinal))
        {
            return
            [
                Finding.Bad(
                    What("git"),
                    $"{folder} belongs to another user than {user}, so git refuses to work there",
                    $"as {user}: git config --global --add safe.directory {folder}"
                ),
            ];
        }

        if (code != 0)
        {
            return [Finding.Doubtful(What("git"), output.Split('\n')[0], "clone the repository there")];
        }

        var hosts = SshRemote.Matches(output).Select(remote => remote.Groups["host"].Value).Distinct();
        return await Task.WhenAll(hosts.Select(host => KnownHostAsync(step, host)));
    }

    private async Task<Finding> KnownHostAsync(StepPlan? step, string host)
    {
        var user = UserNameOf(step);
        var (code, _) = await StepProbe.AskAsync(
            _plan,
            step,
            "/",
            """ssh-keygen -F "$1" >/dev/null || ssh-keygen -F "$1" -f /etc/ssh/ssh_known_hosts >/dev/null""",
            host
        );
        return code == 0
            ? Finding.Good(What("ssh"), $"{host} is a known host")
            : Finding.Bad(
                What("ssh"),
                $"{host} is no known host of {user}, so git over ssh fails without a terminal to ask",
                $"as {user}: ssh-keyscan {host} >> ~/.ssh/known_hosts, and compare its fingerprint"
            );
    }

    private string What(string what) => $"{service.Name}: {what}";

    [GeneratedRegex(@"(^|[\s;&|(])git\s", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex UsesGit { get; }

    /// <summary>As git writes them: <c>ssh://git@host/path</c>, <c>git@host:path</c>.</summary>
    [GeneratedRegex(@"\t(ssh://)?([^\s@/]+@)(?<host>[A-Za-z0-9.-]+)(:|/)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex SshRemote { get; }
}
