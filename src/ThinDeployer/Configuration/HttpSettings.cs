using ThinDeployer.Addresses;
using ThinDeployer.Security;

namespace ThinDeployer.Configuration;

/// <summary>Who may ask, how often, and with how much.</summary>
public sealed record HttpSettings
{
    internal HttpSettings(SettingsSource source)
    {
        PathBase = source.Of(Switches.PathBase);
        MaximumBody = source.Of(Switches.MaximumBody);
        AdminToken = source.Of(Switches.AdminToken);
        MetricsToken = source.Of(Switches.MetricsToken);
        ViewerToken = source.Of(Switches.ViewerToken);
        HasPage = source.Of(Switches.Page);
        PublicUrl = source.Of(Switches.PublicUrl);
        AuthFailuresPerMinute = source.Of(Switches.AuthFailuresPerMinute);
        TrustedProxies = source.Of(Switches.TrustedProxies);
        HidesServices = source.Of(Switches.HideServices);
    }

    /// <summary>Below which all paths are, with a slash in front and none at its end; empty for none.</summary>
    internal string PathBase { get; }

    /// <summary>Bytes of a request's body.</summary>
    internal long MaximumBody { get; }

    /// <summary>Opens everything but deploys; null where nobody has that right.</summary>
    internal Token? AdminToken { get; }

    /// <summary>Opens the metrics; null where nobody but the admin, the viewer and a caller on this machine may see them.</summary>
    internal Token? MetricsToken { get; }

    /// <summary>Shows everything, and lets nothing be done; null where nobody has that right.</summary>
    internal Token? ViewerToken { get; }

    /// <summary>Whether there is a page for browsers.</summary>
    internal bool HasPage { get; }

    /// <summary>Where people reach the server, with what stands before each path; null where nobody said so.</summary>
    internal Uri? PublicUrl { get; }

    /// <summary>Failed attempts that an address may make; 0 is no limit.</summary>
    internal int AuthFailuresPerMinute { get; }

    /// <summary>Whose <c>X-Forwarded-For</c> is believed.</summary>
    internal NetworkList TrustedProxies { get; }

    internal bool TrustsAProxy => TrustedProxies is not { HasSockets: false, Networks: [] };

    /// <summary>Whether an unknown service looks like a wrong token.</summary>
    internal bool HidesServices { get; }
}
