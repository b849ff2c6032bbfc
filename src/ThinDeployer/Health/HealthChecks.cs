using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Logging;

namespace ThinDeployer.Health;

/// <summary>The checks that a monitor asks for, with the names and sentences of the original.</summary>
internal sealed class HealthChecks(
    HealthSettings settings,
    CurrentConfiguration current,
    EngineRoom engine,
    LogOutputs log,
    TimeProvider time
)
{
    internal HealthReport Run()
    {
        var configuration = current.Snapshot;
        var services = configuration.Services.Values.OrderBy(service => service.Name, StringComparer.Ordinal).ToList();
        List<CheckResult> results =
        [
            Run(
                "disk_space",
                "Disk usage is OK",
                () =>
                    DiskUsage.Complaints(
                        [settings.DataFolder, .. services.Select(service => service.Plan.Folder)],
                        settings.MaximumDiskUsage
                    )
            ),
            Run(
                "configured_paths",
                "All services have present paths in the filesystem",
                () =>
                    OfServices(
                        configuration,
                        services.Where(service => !Directory.Exists(service.Plan.Folder)),
                        MissingFolder
                    )
            ),
            Run(
                "configured_tokens",
                "All tokens are at proper length",
                () => OfServices(configuration, services.Where(HasShortToken), ShortToken)
            ),
        ];
        if (RecordTrouble is { } trouble)
        {
            results.Add(Run("record", "", () => [trouble]));
        }

        if (engine.Open?.Record.Outputs.Trouble() is { } lost)
        {
            results.Add(Run("output", "", () => [lost]));
        }

        var rollbacks = FailedRollbacks(services);
        if (rollbacks.Count > 0)
        {
            results.Add(Run("rollbacks", "", () => rollbacks));
        }

        if (log.Trouble is { } loss)
        {
            results.Add(Run("log", "", () => [loss]));
        }

        var mistakes = configuration.IsUsable ? current.RefusedMistakes : configuration.Mistakes;
        if (mistakes.Count > 0)
        {
            results.Add(Run("configuration", "", () => mistakes));
        }

        return new HealthReport(Environment.MachineName, time.GetUtcNow(), results);
    }

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

    private static string MissingFolder(ServiceConfiguration service) =>
        $"{service.Name} does not have a valid path in the filesystem, specified \"{service.Plan.Folder}\" does not exist";

    private bool HasShortToken(ServiceConfiguration service) =>
        service.HasTokenShorterThan(settings.MinimumTokenLength);

    private string ShortToken(ServiceConfiguration service) =>
        $"{service.Name} token should be at least {settings.MinimumTokenLength} characters, security failure";
}
