using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Logging;
using ThinDeployer.Telemetry;

namespace ThinDeployer.Health;

/// <summary>The checks that a monitor asks for, with the names and sentences of the original.</summary>
internal sealed class HealthChecks(
    HealthSettings settings,
    CurrentConfiguration current,
    EngineRoom engine,
    LogOutputs log,
    DeploymentCounts deployments,
    LastEnds ends,
    TimeProvider time
)
{
    /// <summary>From which on a deployment that waits is a reason to look.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <param name="withDeployments">Whether how deployments fare is looked at, too, and every check is named.</param>
    internal HealthReport Run(bool withDeployments)
    {
        var configuration = current.Snapshot;
        var services = configuration.Services.Values.OrderBy(service => service.Name, StringComparer.Ordinal).ToList();
        List<CheckResult> results = [.. OriginalChecks(configuration, services)];
        if (withDeployments)
        {
            results.Add(Run("last_deployments", "The last deployment of each service succeeded", BadEnds));
            results.Add(
                Run("queue", $"No deployment waits longer than {LongestWait.TotalMinutes:0} minutes", LongWaits)
            );
        }

        Add("record", "Deployments are recorded", RecordTrouble);
        Add("output", "Output is stored", engine.Open?.Record.Outputs.Trouble());
        var rollbacks = FailedRollbacks(services);
        if (rollbacks.Count > 0)
        {
            results.Add(Run("rollbacks", "", () => rollbacks));
        }

        Add("log", "No line of the log is lost", log.Trouble);

        var mistakes = configuration.IsUsable ? current.RefusedMistakes : configuration.Mistakes;
        if (mistakes.Count > 0)
        {
            results.Add(Run("configuration", "", () => mistakes));
        }

        return new HealthReport(Environment.MachineName, time.GetUtcNow(), results);

        void Add(string checker, string allGood, string? complaint)
        {
            if (complaint is not null || withDeployments)
            {
                results.Add(Run(checker, allGood, () => complaint is null ? [] : [complaint]));
            }
        }
    }

    /// <summary>With its names and sentences.</summary>
    private IEnumerable<CheckResult> OriginalChecks(
        ConfigurationSnapshot configuration,
        IReadOnlyList<ServiceConfiguration> services
    ) =>
        [
            Run(
                "disk_space",
                "Disk usage is OK",
                () =>
                    DiskUsage.Complaints(
                        [settings.DataFolder, .. services.Where(RunsHere).Select(service => service.Plan.Folder)],
                        settings.MaximumDiskUsage
                    )
            ),
            Run(
                "configured_paths",
                "All services have present paths in the filesystem",
                () =>
                    OfServices(
                        configuration,
                        services.Where(service => RunsHere(service) && !Directory.Exists(service.Plan.Folder)),
                        MissingFolder
                    )
            ),
            Run(
                "configured_tokens",
                "All tokens are at proper length",
                () => OfServices(configuration, services.Where(HasShortToken), ShortToken)
            ),
        ];

    private IEnumerable<string> BadEnds()
    {
        try
        {
            return
            [
                .. ends.Now()
                    .Where(one => one.Value is { Sequence: > 0, Status: not DeploymentStatus.Succeeded })
                    .OrderBy(one => one.Key, StringComparer.Ordinal)
                    .Select(one => $"{one.Key}: deployment {one.Value.Id} ended as {one.Value.Status.Name()}"),
            ];
        }
        catch (RecordUnavailableException exception)
        {
            return [$"The check could not be made: {exception.Message}"];
        }
    }

    private IEnumerable<string> LongWaits() =>
        deployments
            .Now()
            .Where(view => view.OldestQueued > LongestWait)
            .Select(view =>
                $"{view.Service}: the oldest of {view.Pending} waits for {view.OldestQueued.TotalMinutes:0} minutes"
            );

    private string? RecordTrouble => engine.Open is { } open ? open.Record.Trouble : engine.WhyClosed;

    private List<string> FailedRollbacks(IEnumerable<ServiceConfiguration> services)
    {
        try
        {
            return engine.Open?.Record.FailedRollbacks() is { Count: > 0 } failed
                ?
                [
                    .. services
                        .Where(service => failed.ContainsKey(service.Name))
                        .Select(service =>
                            $"{service.Name}: the rollback of deployment {failed[service.Name]} did not succeed"
                        ),
                ]
                : [];
        }
        catch (RecordUnavailableException exception)
        {
            return [$"The check could not be made: {exception.Message}"];
        }
    }

    /// <summary>Services with mistakes are half read, so nothing can be said of them.</summary>
    private static IEnumerable<string> OfServices(
        ConfigurationSnapshot configuration,
        IEnumerable<ServiceConfiguration> failing,
        Func<ServiceConfiguration, string> complaint
    ) => configuration.IsUsable ? failing.Select(complaint) : ["The configuration has mistakes"];

    private CheckResult Run(string checker, string allGood, Func<IEnumerable<string>> complaintsOf)
    {
        var begin = time.GetTimestamp();
        var complaints = Complaints(complaintsOf);
        return new CheckResult(
            checker,
            complaints.Count == 0 ? allGood : string.Join("; ", complaints),
            complaints.Count == 0,
            time.GetUtcNow(),
            time.GetElapsedTime(begin)
        );
    }

    private static List<string> Complaints(Func<IEnumerable<string>> complaintsOf)
    {
        try
        {
            return [.. complaintsOf()];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [$"The check could not be made: {exception.Message}"];
        }
    }

    /// <summary>The folders of other machines are their own business.</summary>
    private static bool RunsHere(ServiceConfiguration service) => service.Plan.RunsHere;

    private static string MissingFolder(ServiceConfiguration service) =>
        $"{service.Name} does not have a valid path in the filesystem, specified \"{service.Plan.Folder}\" does not exist";

    private bool HasShortToken(ServiceConfiguration service) =>
        service.HasTokenShorterThan(settings.MinimumTokenLength);

    private string ShortToken(ServiceConfiguration service) =>
        $"{service.Name} token should be at least {settings.MinimumTokenLength} characters, security failure";
}
