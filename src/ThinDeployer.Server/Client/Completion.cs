using System.CommandLine;
using System.Text;
using ThinDeployer.Configuration;

namespace ThinDeployer.Server.Client;

/// <summary><c>completion bash</c>: a script that completes the commands and switches of this very program.</summary>
internal static class Completion
{
    /// <param name="program">Filled with all its commands by the time the script is asked for.</param>
    internal static Command New(RootCommand program)
    {
        var bash = new Command("bash", "Print a script for bash: source <(thin-deployer completion bash)");
        bash.SetAction(_ => Console.Out.Write(Script(program)));
        var completion = new Command("completion", "Complete commands and switches in a shell.");
        completion.Subcommands.Add(bash);
        return completion;
    }

    private static string Script(RootCommand program)
    {
        var ofFiles = Switches.All.Where(one => one.IsPath).Prepend(ClientSwitches.TokenFile);
        var script = new StringBuilder();
        script.Append(
            $$"""
            # bash completion of thin-deployer
            _thin_deployer() {
              local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} known
              case $before in
                {{string.Join('|', ofFiles.Select(one => "--" + one.Name))}})
                  COMPREPLY=($(compgen -f -- "$word"))
                  return ;;
              esac
              case ${COMP_WORDS[1]} in

            """
        );
        foreach (var command in program.Subcommands)
        {
            script.Append($"    {command.Name}) known='{Words(command)}' ;;\n");
        }

        script.Append($"    *) known='{Words(program)}' ;;\n");
        script.Append(
            """
              esac
              COMPREPLY=($(compgen -W "$known" -- "$word"))
            }
            complete -o default -F _thin_deployer thin-deployer

            """
        );
        return script.ToString();
    }

    /// <summary>Names only: none of them needs quotes.</summary>
    private static string Words(Command command) =>
        string.Join(
            ' ',
            command
                .Subcommands.Select(sub => sub.Name)
                .Concat(command.Options.Select(option => option.Name))
                .Order(StringComparer.Ordinal)
        );
}
