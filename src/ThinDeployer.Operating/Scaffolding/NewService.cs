using ThinDeployer.Configuration;
using ThinDeployer.Operating.Writing;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Scaffolding;

/// <summary>A service as an operator begins with it, with a token and, for a forge, a secret of its own.</summary>
public sealed class NewService
{
    private readonly string _folder;
    private readonly IReadOnlyList<string> _commands;
    private readonly string _branch;

    private NewService(string name, string folder, IReadOnlyList<string> commands, Forge? forge, string branch)
    {
        (Name, _folder, _commands, Forge, _branch) = (name, folder, commands, forge, branch);
        Secret = forge is null ? null : RandomToken.New();
    }

    public string Name { get; }

    /// <summary>Whose push deploys; null for none.</summary>
    public Forge? Forge { get; }

    /// <summary>Only its digest is written.</summary>
    public string Token { get; } = RandomToken.New();

    /// <summary>The forge signs with it; null without one.</summary>
    public string? Secret { get; }

    /// <param name="name">Of the service.</param>
    /// <param name="folder">Where the commands run; it must be there.</param>
    /// <param name="commands">At least one.</param>
    /// <param name="forge">Whose push deploys; null for none.</param>
    /// <param name="branch">The one whose push deploys.</param>
    /// <exception cref="UnwantedServiceException">Something can't be as it is.</exception>
    public static NewService Of(string name, string folder, IReadOnlyList<string> commands, Forge? forge, string branch)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(branch);
        var refusal =
            !ServiceName.IsValid(name)
                ? $"a service's name has 1 to 128 letters, digits, dots, dashes and underscores; {Quote.Of(name)} does not"
            : name.StartsWith("x-", StringComparison.Ordinal)
                ? $"{Quote.Of(name)} can't be a service: what begins with x- never is"
            : !Directory.Exists(folder)
                ? $"the folder {Quote.Of(folder)} does not exist; make it first, or name another (--pwd)"
            : commands is null or [] ? "no command is given (--run)"
            : branch.Length == 0 ? "no branch is given (--branch)"
            : null;
        return refusal is null
            ? new NewService(name, Path.GetFullPath(folder), commands!, forge, branch)
            : throw new UnwantedServiceException(refusal);
    }

    /// <summary>Elsewhere than in commands, the environment is filled in.</summary>
    private static string Verbatim(string text) => text.Replace("${", "$${", StringComparison.Ordinal);

    /// <summary>Its lines, ended.</summary>
    internal string ToYaml()
    {
        List<WrittenEntry> entries = [new("token", new Written.Text(RandomToken.DigestOf(Token)))];
        if (Forge is not null)
        {
            entries.Add(
                new WrittenEntry(
                    "signature",
                    Written.MapOf(("sender", new Written.Text(Forge.Name)), ("secret", new Written.Text(Secret!)))
                )
            );
        }

        entries.Add(new WrittenEntry("pwd", new Written.Text(Verbatim(_folder))));
        if (Forge is not null)
        {
            entries.Add(new WrittenEntry("when", Forge.When(Verbatim(_branch))));
        }

        entries.Add(new WrittenEntry("commands", Written.ListOf(_commands)));
        return $"{YamlQuoting.Scalar(Name, isInFlow: true)}:\n"
            + string.Concat(
                entries.Select(entry => YamlWriter.Entry(entry.Key, entry.Value, "  ", isTall: entry.Key == "commands"))
            );
    }
}
