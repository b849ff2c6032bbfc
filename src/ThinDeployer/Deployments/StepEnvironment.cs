using System.Collections;

namespace ThinDeployer.Deployments;

/// <summary>
/// The environment of a step: built, not inherited, so that neither the server's settings nor its secrets reach a
/// command.
/// </summary>
internal static class StepEnvironment
{
    /// <summary>Marks every process of a step, so that all of them can be found when it must be stopped.</summary>
    internal const string MarkerName = "THIN_DEPLOYER_STEP";

    private const string OurPrefix = "THIN_DEPLOYER_";
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly string[] Taken =
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "LANG",
        "TZ",
        "SSH_AUTH_SOCK",
        "http_proxy",
        "https_proxy",
        "ftp_proxy",
        "all_proxy",
        "no_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "FTP_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
    ];

    /// <summary>Names that a configuration may neither set nor pass on.</summary>
    internal static bool IsReserved(string name) =>
        name.StartsWith(OurPrefix, StringComparison.Ordinal)
        || name is "HC_TOKEN" or "DEPLOYMENT_ID" or "DEPLOYMENT_SERVICE";

    /// <summary>
    /// The whole difference to the server's environment: what a step gets, and null for each variable that it must
    /// not inherit. An empty variable of the server counts as not set.
    /// </summary>
    internal static Dictionary<string, string?> Build(
        Deployment deployment,
        int step,
        IReadOnlyList<KeyValuePair<string, string>> values
    )
    {
        var server = ServerEnvironment();
        var result = server.Keys.ToDictionary(name => name, string? (_) => null, StringComparer.Ordinal);
        foreach (var (name, value) in server.Where(variable => IsTaken(variable.Key, deployment.Plan)))
        {
            result[name] = value.Length > 0 ? value : null;
        }

        AddDefaults(result);
        foreach (var (name, value) in deployment.Plan.Environment)
        {
            result[name] = value;
        }

        foreach (var (name, value) in values)
        {
            result[name] = value;
        }

        result["DEPLOYMENT_ID"] = deployment.Id;
        result["DEPLOYMENT_SERVICE"] = deployment.Service;
        result[MarkerName] = Marker(deployment, step);
        return result;
    }

    internal static string Marker(Deployment deployment, int step) => $"{deployment.Id}.{step}";

    private static bool IsTaken(string name, DeploymentPlan plan) =>
        Taken.Contains(name, StringComparer.Ordinal)
        || name.StartsWith("LC_", StringComparison.Ordinal)
        || plan.InheritedEnvironment.Contains(name, StringComparer.Ordinal);

    /// <summary>A service manager may start the server without them; commands such as git and ssh need them.</summary>
    private static void AddDefaults(Dictionary<string, string?> result)
    {
        var user = SystemUser.Name;
        AddMissing("PATH", DefaultPath);
        AddMissing("HOME", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        AddMissing("USER", user);
        AddMissing("LOGNAME", user);
        AddMissing("SHELL", "/bin/sh");

        void AddMissing(string name, string value)
        {
            if (string.IsNullOrEmpty(result.GetValueOrDefault(name)) && value.Length > 0)
            {
                result[name] = value;
            }
        }
    }

    private static Dictionary<string, string> ServerEnvironment() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
