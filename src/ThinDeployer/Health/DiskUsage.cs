using System.Globalization;

namespace ThinDeployer.Health;

/// <summary>How full the disks are that hold some folders.</summary>
internal static class DiskUsage
{
    /// <summary>A sentence for each folder whose disk is used to the limit or more, but only one a disk.</summary>
    /// <param name="folders">A path that does not exist counts by its nearest parent that does.</param>
    /// <param name="maximumPercent">0 to 100.</param>
    internal static IEnumerable<string> Complaints(IEnumerable<string> folders, int maximumPercent) =>
        folders
            .Where(folder => folder.Length > 0)
            .Select(NearestExisting)
            .Distinct(StringComparer.Ordinal)
            .Select(folder => (Folder: folder, Disk: new DriveInfo(folder)))
            .DistinctBy(place => (place.Disk.TotalSize, place.Disk.TotalFreeSpace))
            .Select(place => (place.Folder, Percent: UsedPercent(place.Disk)))
            .Where(place => place.Percent >= maximumPercent)
            .Select(place =>
                $"Disk usage exceeds {maximumPercent}% at {place.Folder}, actually it is "
                + $"{place.Percent.ToString("0.#", CultureInfo.InvariantCulture)}%"
            );

    /// <summary>As df(1) counts: what is kept for root counts as used.</summary>
    private static double UsedPercent(DriveInfo disk)
    {
        var used = disk.TotalSize - disk.TotalFreeSpace;
        var usable = used + disk.AvailableFreeSpace;
        return usable == 0 ? 0 : 100.0 * used / usable;
    }

    private static string NearestExisting(string folder)
    {
        var path = folder;
        while (!Directory.Exists(path))
        {
            path = Path.GetDirectoryName(path) ?? "/";
        }

        return path;
    }
}
