namespace ThinDeployer.Configuration;

/// <summary>How this server and other machines reach each other.</summary>
/// <param name="Broker">With the login of the front, which is a secret; null on a server that orders no machines about.</param>
/// <param name="AuthorityFile">Full path of PEM: who may have signed the broker's certificate; null for the system's authorities.</param>
/// <param name="Machine">What this machine must be called at its front; null for whatever its join code says.</param>
internal sealed record MachineSettings(Uri? Broker, string? AuthorityFile, string? Machine)
{
    /// <param name="isAgent">Whether it is a machine, whose login is not in the address.</param>
    internal static MachineSettings Read(SettingsSource source, bool isAgent)
    {
        var broker = source.Of(Switches.Broker);
        if (!isAgent && broker is { UserInfo: "" })
        {
            source.Refuse(Switches.Broker, Switches.Broker.Demand);
            broker = null;
        }

        return new(broker, source.Of(Switches.BrokerAuthority), source.Of(Switches.Machine));
    }

    /// <summary>The address is not shown: it holds a password.</summary>
    public override string ToString() => $"machine {Machine}";
}
