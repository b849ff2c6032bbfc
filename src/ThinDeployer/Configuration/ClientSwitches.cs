namespace ThinDeployer.Configuration;

/// <summary>The settings of the client that are variables, too. The server knows them only to tell them from misspelt ones of its own.</summary>
public static class ClientSwitches
{
    /// <summary>A URL.</summary>
    public static Switch<string?> Server { get; } =
        SwitchOf.Text("server", "URL", "URL of the server, or unix:PATH") with
        {
            Default = $"http://127.0.0.1:{Switches.Port.Default}",
        };

    /// <summary>Wins over the token itself.</summary>
    public static Switch<string?> TokenFile { get; } =
        SwitchOf.Text(
            "token-file",
            "FILE",
            $"file with the token, - for standard input; else the variable {Switch.VariablePrefix}TOKEN"
        );

    /// <summary>Others could see it in a switch.</summary>
    public static Switch<string?> Token { get; } =
        SwitchOf.Text($"{Switch.VariablePrefix}TOKEN", "TOKEN", "the token") with
        {
            IsVariableOnly = true,
        };

    internal static IReadOnlyList<Switch> All { get; } = [Server, TokenFile, Token];
}
