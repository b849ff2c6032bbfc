namespace ThinDeployer.Steps;

/// <summary>What a service says once for all of its steps.</summary>
/// <param name="Folder">Full path in which every command runs that names no other.</param>
/// <param name="Environment">Set for every command.</param>
/// <param name="InheritedEnvironment">Names whose values are taken from the server's own environment.</param>
/// <param name="RunAs">Whose rights the commands have; null for the server's own user.</param>
/// <param name="Umask">What the files that they make lack.</param>
internal sealed record StepDefaults(
    string Folder,
    StepVariables Environment,
    IReadOnlyList<string> InheritedEnvironment,
    UserAccount? RunAs,
    UnixFileMode Umask
)
{
    /// <summary>022: what a login on most systems has, so that a web server may read what is deployed.</summary>
    internal const UnixFileMode DefaultUmask = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The name of the user whose rights the commands have that name no other.</summary>
    internal string UserName => RunAs?.Name ?? SystemUser.Name;

    /// <summary>Who a step runs as; null for the server's own user.</summary>
    /// <param name="step">Null for a step that says nothing of its own.</param>
    internal UserAccount? UserOf(StepPlan? step) =>
        (step?.RunAs ?? RunAs) is { IsServerItself: false } other ? other : null;
}
