using System.Globalization;
using System.Runtime.CompilerServices;

namespace ThinDeployer.Server;

/// <summary>How many files and sockets this process may have open (RLIMIT_NOFILE), and how many of them are left for what comes.</summary>
/// <param name="Limit">The runtime has raised it to the hard one by itself.</param>
/// <param name="Left">At the start: the runtime keeps some open, and does so for each part of the program that it loads.</param>
internal sealed record Descriptors(long Limit, long Left)
{
    private const string LimitName = "Max open files";

    /// <summary>For the assemblies that are loaded later; the native binary has none.</summary>
    private const int OfRuntime = 64;

    /// <summary>As <c>/proc</c> tells (proc(5)).</summary>
    internal static Descriptors Now
    {
        get
        {
            var line = File.ReadLines("/proc/self/limits")
                .FirstOrDefault(line => line.StartsWith(LimitName, StringComparison.Ordinal));
            var words = line?[LimitName.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            var limit =
                words is [var soft, ..] && long.TryParse(soft, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : long.MaxValue;
            var open = Directory.EnumerateFileSystemEntries("/proc/self/fd").LongCount();
            return new Descriptors(limit, limit - open - (RuntimeFeature.IsDynamicCodeCompiled ? OfRuntime : 0));
        }
    }
}
