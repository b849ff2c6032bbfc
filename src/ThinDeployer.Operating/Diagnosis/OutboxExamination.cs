using System.Globalization;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Outbox;
using ThinDeployer.Storage;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>Looks in the record for what people were not told: what never reached them, and what is tried in vain.</summary>
internal static class OutboxExamination
{
    private const string What = "outbox";

    /// <summary>Of what waits, so many are looked at.</summary>
    private const int Most = 1_000;

    internal static async Task<IReadOnlyList<Finding>> RunAsync(
        string dataFolder,
        IReadOnlyList<ServiceConfiguration> services
    )
    {
        try
        {
            return await RecordReader.LookAsync(dataFolder, reader => Findings(new OutboxReader(reader), services))
                ?? [];
        }
        catch (RecordUnavailableException fault)
        {
            return [Finding.Doubtful(What, fault.Message.TrimEnd('.'), "ask as the server's user")];
        }
        catch (StorageException)
        {
            // Another finding says so.
            return [];
        }
    }

    private static List<Finding> Findings(OutboxReader outbox, IReadOnlyList<ServiceConfiguration> services)
    {
        var findings = outbox
            .Troubles()
            .Select(trouble =>
                Finding.Doubtful(
                    $"{trouble.Service}: {What}",
                    $"{trouble.Name} was not told of a deployment on {Written(trouble.At)}: {trouble.Why}",
                    "doctor --send tries it again"
                )
            )
            .Concat(
                outbox
                    .Waiting(services: null, Most)
                    .Where(item => item.Trouble is not null)
                    .DistinctBy(item => item.Target)
                    .Select(item =>
                        Finding.Doubtful(
                            $"{item.Service}: {What}",
                            $"{NameOf(item, services)} is tried in vain since {Written(item.CreatedAt)}: {item.Trouble}",
                            "it is tried for a day"
                        )
                    )
            )
            .ToList();
        return findings.Count > 0 ? findings : [Finding.Good(What, "nobody waits for what can't be told")];
    }

    private static string NameOf(OutboxItem item, IReadOnlyList<ServiceConfiguration> services) =>
        services.FirstOrDefault(service => service.Name == item.Service) is not { } found
            ? "a place that is not configured any more"
        : found.Report is { } report && report.Key == item.Target ? report.Name
        : found.Notify.FirstOrDefault(target => target.Key == item.Target)?.Name
            ?? "a place that is not configured any more";

    private static string Written(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
