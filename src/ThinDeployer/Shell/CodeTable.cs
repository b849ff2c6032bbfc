namespace ThinDeployer.Shell;

/// <summary>Who reads arguments, input or variables as code. Each entry has a case in the tests; add one with it.</summary>
/// <param name="Shells">Read a script or <c>-c CODE</c>, and without either their standard input.</param>
/// <param name="Wrappers">They run what stands behind them.</param>
/// <param name="Fetchers">They print what they find by their arguments, not the arguments.</param>
/// <param name="Variables">They are read as a command, or as options that bring one.</param>
internal sealed record CodeTable(
    IReadOnlyList<CodeRow> Rows,
    string Shells,
    string Wrappers,
    string Variables,
    string Fetchers
)
{
    private const string Assigned =
        "assign it before, and name that in single quotes: value=%…%; eval '… \"$value\" …'";

    private const string Subscript =
        "as the name of a variable its subscript would be run: name one that no caller chooses";

    private const string Sent = "send it as data: printf '%s\\n' %…% | ssh HOST 'read -r value; … \"$value\"'";

    private const string SshKeys = "KnownHostsCommand LocalCommand ProxyCommand RemoteCommand";

    private const string GitFolders = "-C --git-dir --namespace --work-tree";

    private const string GitKeys =
        "alias.* core.askPass core.editor core.fsmonitor core.gitProxy core.hooksPath core.pager core.sshCommand "
        + "credential.helper credential.*.helper diff.external diff.*.command diff.*.textconv difftool.*.cmd filter.*.clean "
        + "filter.*.process filter.*.smudge gpg.program gpg.*.program merge.*.driver mergetool.*.cmd pager.* "
        + "remote.*.receivepack remote.*.uploadpack sequence.editor submodule.*.update";

    internal static readonly CodeTable Known = new(
        [
            // The shell's own.
            new("eval") { Operands = CodeOperands.All, Cure = Assigned },
            new("trap") { Operands = CodeOperands.First, Cure = Assigned },
            new("source .") { Input = 0 },
            new("mapfile readarray") { Options = "-C", Cure = Assigned },
            new("compgen") { Options = "-C -W", Cure = Assigned },
            new("test [") { Options = "-v", Cure = Subscript },
            new("printf")
            {
                Options = "-v",
                OptionsFirst = true,
                Cure = Subscript,
            },
            new("read")
            {
                Operands = CodeOperands.All,
                Values = "-d -i -n -N -p -t -u",
                Cure = Subscript,
            },
            new("unset") { Operands = CodeOperands.All, Cure = Subscript },
            // They start a shell, here or elsewhere.
            new("flock runuser script su vagrant")
            {
                Cure = CodeReader.AsArgument,
                Options = "-c --command --session-command",
            },
            new("sg") { Options = "-c", Operands = CodeOperands.BehindFirst },
            new("env") { Options = "-S --split-string" },
            new("nix-shell") { Options = "--command --run" },
            new("split") { Options = "--filter" },
            new("watch")
            {
                Operands = CodeOperands.All,
                Values = "-n --interval",
                Instead = "-x --exec",
            },
            new("parallel")
            {
                Operands = CodeOperands.All,
                Values = "-a --arg-file --delay -j --jobs --joblog --timeout",
                Input = 0,
            },
            new("at batch") { Input = CodeRow.Always, Instead = "-f" },
            new("crontab")
            {
                Input = 0,
                Values = "-u",
                Instead = "-e -l -r",
            },
            new("ssh autossh")
            {
                Operands = CodeOperands.BehindFirst,
                OptionsFirst = true,
                Settings = "-o",
                Keys = SshKeys,
                Values = "-B -b -c -D -E -e -F -I -i -J -L -l -m -O -p -Q -R -S -W -w",
                Input = 1,
                Cure = Sent,
            },
            new("scp sftp sshfs")
            {
                Options = "-S",
                Settings = "-o",
                Keys = $"{SshKeys} ssh_command",
            },
            new("ftp sftp") { Input = CodeRow.Always },
            new("lftp") { Options = "-c -e", Input = CodeRow.Always },
            new("mosh") { Options = "--ssh" },
            new("pdsh clush") { Operands = CodeOperands.All, Values = "-f -g -l -t -u -w -x" },
            new("gcloud") { Options = "--command" },
            new("fly flyctl") { Options = "-C --command" },
            new("nc ncat") { Options = "-c -e --exec --sh-exec" },
            new("socat") { Prefixes = "EXEC: SHELL: SYSTEM:" },
            // Copying, packing, building.
            new("rsync") { Options = "-e --rsh --rsync-path" },
            new("git")
            {
                Settings = "-c",
                Keys = GitKeys,
                Values = GitFolders,
                OptionsFirst = true,
                Prefixes = "ext::",
            },
            new("git")
            {
                Subcommand = "archive|clone|fetch|fetch-pack|ls-remote|pull|push|send-pack",
                Options = "--exec --receive-pack --upload-pack",
                Values = $"-c {GitFolders}",
            },
            new("git")
            {
                Subcommand = "clone",
                Options = "-u",
                Settings = "-c --config",
                Keys = GitKeys,
                Values = GitFolders,
            },
            new("git")
            {
                Subcommand = "config",
                Named = GitKeys,
                Values = $"-c {GitFolders}",
            },
            new("git")
            {
                Subcommand = "rebase",
                Options = "-x --exec",
                Values = $"-c {GitFolders}",
            },
            new("git")
            {
                Subcommand = "submodule foreach",
                Operands = CodeOperands.All,
                Values = $"-c {GitFolders}",
            },
            new("hg")
            {
                Options = "-e --remotecmd --ssh",
                Settings = "--config",
                Keys = "alias.* extensions.* hooks.* ui.editor ui.ssh",
            },
            new("tar")
            {
                Options =
                    "--checkpoint-action -F -I --info-script --new-volume-script --rsh-command --to-command --use-compress-program",
            },
            new("zip") { Options = "-TT --unzip-command" },
            new("wget") { Options = "-e --execute --use-askpass" },
            new("bmake gmake make remake")
            {
                Operands = CodeOperands.All,
                Options = "-E --eval",
                Values = "-C --directory -f --file --makefile -I --include-dir -o --old-file -W --what-if",
                Environment = true,
            },
            new("ansible") { Options = "-a --args -e --extra-vars" },
            new("ansible-playbook") { Options = "-e --extra-vars" },
            // Editors, debuggers, filters.
            new("ex gvim nvim vi view vim")
            {
                Options = "-c --cmd",
                Prefixes = "+",
                Harmless = CodeReader.HarmlessBetweenDelimiters,
            },
            new("ex") { Input = CodeRow.Always, Harmless = CodeReader.HarmlessBetweenDelimiters },
            new("ed") { Input = 1, Harmless = CodeReader.HarmlessBetweenDelimiters },
            new("emacs") { Options = "--eval --execute" },
            new("gdb") { Options = "-ex --ex -iex -eval-command --eval-command", Input = CodeRow.Always },
            new("lldb") { Options = "-O -o --one-line --one-line-before-file", Input = CodeRow.Always },
            new("sed gsed")
            {
                Options = "-e --expression",
                Operands = CodeOperands.First,
                Instead = "-f --file",
                Harmless = CodeReader.HarmlessBetweenDelimiters,
            },
            new("awk gawk mawk nawk")
            {
                Cure = CodeReader.AsArgument,
                Options = "-e --source",
                Operands = CodeOperands.First,
                Values = "-F -v",
                Instead = "-f --file",
                Harmless = CodeReader.HarmlessBetweenDelimiters,
            },
            new("jq yq")
            {
                Cure = CodeReader.AsArgument,
                Options = "--expression",
                Operands = CodeOperands.First,
                Values = "--indent -L",
                Pairs = "--arg --argjson --rawfile --slurpfile",
                Instead = "-f --from-file",
                Harmless = CodeReader.HarmlessBetweenDelimiters,
            },
            new("dc") { Options = "-e --expression", Input = CodeRow.Always },
            new("m4") { Input = CodeRow.Always },
            new("gnuplot") { Options = "-e", Input = 0 },
            // Languages.
            new("python pypy")
            {
                Cure = CodeReader.AsArgument,
                OptionsFirst = true,
                Options = "-c",
                Values = "-W -X",
                Input = 0,
            },
            new("perl")
            {
                Cure = CodeReader.AsArgument,
                OptionsFirst = true,
                Options = "-E -e -M -m",
                Values = "-I",
                Input = 0,
                Harmless = CodeReader.HarmlessBetweenDelimiters,
            },
            new("ruby")
            {
                Cure = CodeReader.AsArgument,
                OptionsFirst = true,
                Options = "-e",
                Values = "-I -r",
                Input = 0,
                Harmless = CodeReader.HarmlessBetweenDelimiters,
            },
            new("node nodejs bun")
            {
                Cure = CodeReader.AsArgument,
                OptionsFirst = true,
                Options = "-e -p -pe --eval --print",
                Values = "-r --require",
                Input = 0,
            },
            new("deno")
            {
                Cure = CodeReader.AsArgument,
                Subcommand = "eval",
                Operands = CodeOperands.First,
            },
            new("php")
            {
                Cure = CodeReader.AsArgument,
                OptionsFirst = true,
                Options = "-B -E -R -r",
                Instead = "-f",
            },
            new("lua luajit")
            {
                Cure = CodeReader.AsArgument,
                OptionsFirst = true,
                Options = "-e",
                Values = "-l",
                Input = 0,
            },
            new("expect")
            {
                Cure = CodeReader.AsArgument,
                OptionsFirst = true,
                Options = "-c",
                Input = 0,
            },
            new("tclsh") { Input = 0 },
            new("R Rscript") { Cure = CodeReader.AsArgument, Options = "-e" },
            new("julia")
            {
                Cure = CodeReader.AsArgument,
                Options = "-E -e --eval --print",
                Input = 0,
            },
            new("groovy") { Cure = CodeReader.AsArgument, Options = "-e" },
            new("elixir") { Cure = CodeReader.AsArgument, Options = "-e --eval" },
            new("erl") { Cure = CodeReader.AsArgument, Options = "-eval" },
            new("guile") { Cure = CodeReader.AsArgument, Options = "-c" },
            new("pwsh") { Cure = CodeReader.AsArgument, Options = "-c -Command" },
            // Databases.
            new("psql")
            {
                Cure = CodeReader.AsArgument,
                Options = "-c --command",
                Instead = "-f --file",
                Input = CodeRow.Always,
            },
            new("mariadb mysql") { Options = "-e --execute --init-command", Input = CodeRow.Always },
            new("sqlite")
            {
                Options = "-cmd",
                Operands = CodeOperands.BehindFirst,
                Values = "-init -newline -nullvalue -separator -vfs",
                Input = 1,
            },
            new("duckdb")
            {
                Options = "-c -cmd",
                Operands = CodeOperands.BehindFirst,
                Input = 1,
            },
            new("mongo mongosh") { Options = "--eval", Input = CodeRow.Always },
            new("redis-cli")
            {
                Subcommand = "eval|EVAL",
                Operands = CodeOperands.First,
                Values = "-a -h -n -p -s -u --user --pass",
            },
            new("clickhouse-client") { Options = "-q --query", Input = CodeRow.Always },
            new("cqlsh") { Options = "-e --execute", Input = CodeRow.Always },
            new("sqlcmd") { Options = "-Q -q", Input = CodeRow.Always },
        ],
        "sh ash bash csh dash fish ksh mksh rbash tcsh zsh",
        "builtin busybox bwrap chroot chronic chrt command dbus-run-session doas docker docker-compose env exec fakeroot find "
            + "firejail flock gosu incus ionice ip kubectl lxc nerdctl nice nohup nsenter numactl oc pkexec podman proxychains runuser "
            + "setarch setpriv setsid ssh-agent sshpass stdbuf strace su su-exec sudo systemd-run taskset time timeout tini "
            + "torsocks unshare xargs xvfb-run",
        "BROWSER CVS_RSH EDITOR FCEDIT GIT_ASKPASS GIT_CONFIG_PARAMETERS GIT_EDITOR GIT_EXTERNAL_DIFF GIT_PAGER GIT_PROXY_COMMAND "
            + "GIT_SEQUENCE_EDITOR GIT_SSH GIT_SSH_COMMAND GNUMAKEFLAGS JAVA_TOOL_OPTIONS KUBE_EDITOR LD_AUDIT LD_PRELOAD LESSCLOSE "
            + "LESSOPEN MAKEFLAGS MANPAGER NODE_OPTIONS PAGER PERL5OPT PERL5DB PYTHONSTARTUP RSYNC_RSH RUBYOPT SSH_ASKPASS "
            + "SUDO_EDITOR SYSTEMD_EDITOR SYSTEMD_PAGER TAR_OPTIONS VISUAL",
        "bzcat cat curl gunzip gzip head mysqldump pg_dump tail wget xzcat zcat zstdcat"
    );
}
