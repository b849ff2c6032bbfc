using System.Globalization;
using System.Runtime.InteropServices;

namespace ThinDeployer.Steps;

/// <summary>The UNIX user whose rights the server and its commands have.</summary>
internal static partial class SystemUser
{
    /// <summary>The name, or the number where the system knows no name for it, as in some containers.</summary>
    internal static string Name { get; } =
        Environment.UserName is { Length: > 0 } name
            ? name
            : GetEffectiveUserId().ToString(CultureInfo.InvariantCulture);

    /// <summary>0 for root.</summary>
    internal static uint EffectiveId { get; } = GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();
}
