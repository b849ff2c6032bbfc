using System.Globalization;
using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>Lets a step run with the rights of another user, by the program <c>setpriv</c> of util-linux.</summary>
internal static class RunAs
{
    private static readonly string? Program = new[] { "/usr/bin/setpriv", "/bin/setpriv" }.FirstOrDefault(File.Exists);

    /// <summary>Reads <c>run_as</c> of a service or a step; null where it is absent, or can't be used.</summary>
    internal static UserAccount? Read(MapReader keys)
    {
        if (keys.Node("run_as") is not { } node)
        {
            return null;
        }

        if (node is not YamlText text)
        {
            // It tells what the key must be.
            _ = keys.Text("run_as");
            return null;
        }

        if (Scalars.Interpolated(text, keys.Context) is not { } name)
        {
            return null;
        }

        if (name.Length == 0)
        {
            // Written so, or filled in so: taken for absent, it would give the rights of the server.
            keys.Context.Mistake(node.Place, "\"run_as\" is empty; name a user of this machine");
            return null;
        }

        if (keys.Context.RunsElsewhere)
        {
            return null;
        }

        var account = name.Contains('\0', StringComparison.Ordinal) ? null : UserAccount.Find(name);
        if (account is null)
        {
            keys.Context.Mistake(
                node.Place,
                $"\"run_as\" names {Quote.Of(name)}, and there is no such user on this machine; name one, not its number"
            );
        }
        else if (!account.IsServerItself && SystemUser.EffectiveId != 0)
        {
            keys.Context.Mistake(
                node.Place,
                $"\"run_as\" needs a server that runs as root, and this one runs as {SystemUser.Name}; "
                    + "start it as root, or leave \"run_as\" out"
            );
        }
        else if (!account.IsServerItself && Program is null)
        {
            keys.Context.Mistake(node.Place, "\"run_as\" needs the program setpriv; install util-linux");
        }

        return account;
    }

    /// <summary>What stands before the shell. With the user come its groups; capabilities of the server stay behind.</summary>
    internal static IEnumerable<string> Prefix(UserAccount account) =>
        [
            Program!,
            "--reuid=" + account.UserId.ToString(CultureInfo.InvariantCulture),
            "--regid=" + account.GroupId.ToString(CultureInfo.InvariantCulture),
            "--init-groups",
            "--inh-caps=-all",
            "--",
        ];
}
