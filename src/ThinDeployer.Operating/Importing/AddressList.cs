using ThinDeployer.Addresses;

namespace ThinDeployer.Operating.Importing;

/// <summary>The addresses of an <c>ip-range</c>: ranges and single ones, with blanks between them.</summary>
internal static class AddressList
{
    /// <summary>Null when one of them is none: webhook fails at it.</summary>
    internal static List<string>? Read(string text)
    {
        var ranges = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToList();
        return ranges.TrueForAll(range => Network.Parse(range) is not null) ? ranges : null;
    }

    /// <summary>webhook takes a single IPv6 address for all that begin with its first 32 bits.</summary>
    internal static string AsRead(string range) => range.Contains(':') && !range.Contains('/') ? $"{range}/32" : range;
}
