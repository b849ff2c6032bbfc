using ThinDeployer.Shell;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>Which programs of a command can't do their work in a confinement, and which directive of systemd makes it so.</summary>
/// <param name="confinement">Of the server, whose steps inherit it.</param>
internal sealed class ConfinedCommands(Confinement confinement)
{
    /// <summary>systemd.exec(5): with <c>User=</c>, each implies NoNewPrivileges=yes.</summary>
    private const string Implying =
        "LockPersonality, MemoryDenyWriteExecute, PrivateDevices, ProtectClock, ProtectHostname, ProtectKernelLogs, "
        + "ProtectKernelModules, ProtectKernelTunables, RestrictAddressFamilies, RestrictNamespaces, RestrictRealtime, "
        + "RestrictSUIDSGID, SystemCallArchitectures, SystemCallFilter, SystemCallLog, DynamicUser";

    private static readonly string[] Switches = ["sudo", "su", "doas", "pkexec", "runuser"];
    private static readonly string[] Before = [.. Switches, "exec", "command", "env", "nohup", "time", "nice"];

    /// <summary>They make user namespaces, and rootless ones call newuidmap, which is setuid.</summary>
    private static readonly string[] Sandboxes = ["podman", "buildah", "unshare", "bwrap", "newuidmap", "flatpak"];
    private static readonly string[] Installers = ["apt", "apt-get", "dpkg", "dnf", "yum", "apk", "zypper", "pacman"];
    private static readonly string[] InstallVerbs =
    [
        "install",
        "upgrade",
        "full-upgrade",
        "dist-upgrade",
        "remove",
        "purge",
        "autoremove",
        "add",
        "del",
        "-i",
        "--install",
        "-S",
    ];

    /// <summary>The last of their words is what they write to.</summary>
    private static readonly string[] Copiers = ["cp", "mv", "install", "ln", "rsync"];

    /// <summary>They write to whatever they name.</summary>
    private static readonly string[] Writers = ["tee", "touch", "mkdir", "rm", "rmdir", "chmod", "chown", "truncate"];

    /// <param name="source">A command of the configuration.</param>
    /// <param name="isRoot">Whether its step runs as root.</param>
    /// <param name="what">Makes the name of a finding.</param>
    internal IEnumerable<Finding> Examine(string source, bool isRoot, Func<string, string> what)
    {
        foreach (var command in ShellLexer.FindCommands(source).Where(command => command.Words.Count > 0))
        {
            var words = command.Words.Where(word => word.IsLiteral).Select(word => word.Text).ToList();
            if (
                !isRoot && words.TakeWhile(word => Before.Contains(word)).FirstOrDefault(Switches.Contains) is { } other
            )
            {
                foreach (var finding in Gains(what, other))
                {
                    yield return finding;
                }
            }

            var program = words.SkipWhile(word => Before.Contains(word) || word.StartsWith('-')).ToList();
            if (program is [var name, ..] && Sandboxes.Contains(Path.GetFileName(name)))
            {
                foreach (var finding in Separates(what, name, isRoot))
                {
                    yield return finding;
                }
            }

            var written = Written(program)
                .Concat(command.Outputs.Where(word => word.IsLiteral).Select(word => word.Text))
                .Where(path => path.StartsWith('/') && !path.StartsWith("/dev/", StringComparison.Ordinal));
            foreach (var path in written.Where(confinement.IsReadOnly).Distinct(StringComparer.Ordinal))
            {
                yield return Finding.Bad(
                    what("writes"),
                    $"{path} can't be written, not by root either: it is mounted read-only for the server and its steps",
                    $"take ProtectSystem= or ReadOnlyPaths= out of the unit, or name the folder in ReadWritePaths="
                );
            }
        }
    }

    private IEnumerable<Finding> Gains(Func<string, string> what, string program)
    {
        if (confinement.GainsNothing)
        {
            yield return Finding.Bad(
                what(program),
                "it gains no rights: the server and its steps have \"no new privileges\"",
                $"take NoNewPrivileges= out of the unit, and what implies it: {Implying}; or a rule of polkit in place of {program}"
            );
        }

        if (!confinement.MayBecomeAnother)
        {
            yield return Finding.Bad(
                what(program),
                "nothing that the server starts may become another user",
                "leave CAP_SETUID and CAP_SETGID in CapabilityBoundingSet= of the unit"
            );
        }
        else if (confinement.HasOwnUsers && !confinement.GainsNothing)
        {
            yield return Finding.Doubtful(
                what(program),
                "the server has users of its own, so root there is not the machine's",
                "right in a container; else take PrivateUsers= out of the unit"
            );
        }
    }

    private IEnumerable<Finding> Separates(Func<string, string> what, string program, bool isRoot)
    {
        if (!isRoot && confinement.GainsNothing && Path.GetFileName(program) is "podman" or "buildah" or "newuidmap")
        {
            yield return Finding.Bad(
                what(program),
                "as another user than root it needs newuidmap, which gains no rights: the server and its steps have "
                    + "\"no new privileges\"",
                $"take NoNewPrivileges= out of the unit, and what implies it: {Implying}"
            );
        }
        else if (confinement.HasFilteredCalls)
        {
            yield return Finding.Doubtful(
                what(program),
                "it makes namespaces, and the server's system calls are filtered (which, can't be seen)",
                "it fails if the unit has RestrictNamespaces=, or a SystemCallFilter= without @mount"
            );
        }
    }

    private static IEnumerable<string> Written(List<string> words)
    {
        if (words is not [var name, .. var arguments])
        {
            return [];
        }

        var operands = arguments.Where(word => !word.StartsWith('-')).ToList();
        return Path.GetFileName(name) switch
        {
            var program when Installers.Contains(program) && arguments.Any(InstallVerbs.Contains) => ["/usr", "/etc"],
            "make" when operands.Contains("install") => ["/usr/local"],
            var program when Copiers.Contains(program) && operands.Count > 1 => [operands[^1]],
            var program when Writers.Contains(program) => operands,
            "sed" when arguments.Any(word => word.StartsWith("-i", StringComparison.Ordinal)) => operands.Skip(1),
            _ => [],
        };
    }
}
