namespace ThinDeployer.Shell;

/// <summary>What a shell is given: a script in which every value is a quoted reference, and the values beside it.</summary>
/// <param name="Script">The text for <c>sh -c</c>.</param>
/// <param name="Variables">The environment variables that the script refers to, numbered by first use.</param>
/// <param name="Words">A program and its arguments, where the script is nothing else; null where it takes a shell.</param>
internal sealed record ShellCommand(
    string Script,
    IReadOnlyList<KeyValuePair<string, string>> Variables,
    IReadOnlyList<string>? Words = null
);
