using ThinDeployer.Addresses;
using ThinDeployer.Security;

namespace ThinDeployer.Configuration;

/// <summary>Who may ask, how often, and with how much.</summary>
public sealed record HttpSettings
{
    internal HttpSettings(SettingsSource source)
    {
        MaximumBody = source.Of(Switches.MaximumBody);
        AdminToken = source.Of(Switches.AdminToken);
        AuthFailuresPerMinute = source.Of(Switches.AuthFailuresPerMinute);
        TrustedProxies = source.Of(Switches.TrustedProxies);
        HidesServices = source.Of(Switches.HideServices);
    }

    /// <summary>Bytes of a request's body.</summary>
    internal long MaximumBody { get; }

    /// <summary>Opens everything but deploys; null where nobody has that right.</summary>
    internal Token? AdminToken { get; }

    /// <summary>Failed attempts that an address may make; 0 is no limit.</summary>
    internal int AuthFailuresPerMinute { get; }

    /// <summary>Whose <c>X-Forwarded-For</c> is believed.</summary>
    internal NetworkList TrustedProxies { get; }

    /// <summary>Whether an unknown service looks like a wrong token.</summary>
    internal bool HidesServices { get; }
}
