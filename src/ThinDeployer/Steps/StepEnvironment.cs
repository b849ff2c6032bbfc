using System.Collections;
using ThinDeployer.Shell;
using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>
/// The environment of a step: built, not inherited, so that neither the server's settings nor its secrets reach a
/// command.
/// </summary>
internal static class StepEnvironment
{
    private const string VariablePrefix = "DEPLOY_";
    internal const string PayloadName = "DEPLOYMENT_PAYLOAD_FILE";
    private const string SummaryName = "DEPLOYMENT_SUMMARY_FILE";
    private const string OurPrefix = "THIN_DEPLOYER_";
    internal const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Room for what a step gets besides.</summary>
    private const int Added = 16;

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

    private static readonly string[] Reserved =
    [
        "HC_TOKEN",
        "DEPLOYMENT_ID",
        "DEPLOYMENT_SERVICE",
        PayloadName,
        SummaryName,
        "DEPLOYMENT_STATUS",
        "DEPLOYMENT_FAILED_STEP",
        "DEPLOYMENT_REF",
        "DEPLOYMENT_COMMIT",
        "DEPLOYMENT_EVENT",
        "DEPLOYMENT_ACTOR",
        "DEPLOYMENT_WHO",
        "DEPLOYMENT_ROLLBACK_TO",
    ];

    /// <summary>Reads <c>inherit_environment</c>.</summary>
    internal static IReadOnlyList<string> ReadInherited(MapReader service)
    {
        var names = new List<string>();
        foreach (var item in service.List("inherit_environment"))
        {
            if (item is not YamlText { Text.Length: > 0 } text)
            {
                service.Context.Mistake(item.Place, "\"inherit_environment\" must list names of environment variables");
            }
            else if (Scalars.Interpolated(text, service.Context) is { Length: > 0 } name)
            {
                CheckName(name, item.Place, service.Context);
                names.Add(name);
            }
        }

        return names;
    }

    /// <summary>
    /// The whole difference to the server's environment: what a step gets, and null for each variable that it must
    /// not inherit. An empty variable of the server counts as not set.
    /// </summary>
    /// <param name="start">Of the step.</param>
    /// <param name="common">What all starts of the step have in common.</param>
    /// <param name="files">Of its deployment.</param>
    internal static Dictionary<string, string?> Build(
        StepStart start,
        Dictionary<string, string?> common,
        StepFiles files
    )
    {
        // To copy it costs a tenth of what it costs to build it.
        var result = new Dictionary<string, string?>(common, StringComparer.Ordinal);
        Add(result, start.Command.Variables);
        Add(result, start.Of.Origin);
        Add(result, start.Facts);
        AddValues(result, start.Of.Values);
        result["DEPLOYMENT_ID"] = start.Of.Id;
        result["DEPLOYMENT_SERVICE"] = start.Of.Service;
        result[PayloadName] = files.Payload;
        result[SummaryName] = files.Summary;
        if (start.Of.TraceParent is { } trace)
        {
            // By the name that programs with OpenTelemetry look for (opentelemetry.io/docs/specs/otel/context/env-carriers).
            result["TRACEPARENT"] = trace;
        }

        result[StepMarker.Name] = start.Marker;
        return result;
    }

    /// <summary>The difference to the server's environment without what belongs to one deployment.</summary>
    /// <param name="defaults">Of the service.</param>
    /// <param name="step">Null for what all steps have in common.</param>
    internal static Dictionary<string, string?> Build(StepDefaults defaults, StepPlan? step)
    {
        var result = new Dictionary<string, string?>(ServerEnvironment.Count + Added, StringComparer.Ordinal);
        foreach (var (name, value) in ServerEnvironment)
        {
            result[name] = value.Length > 0 && IsTaken(name, defaults) ? value : null;
        }

        if (defaults.UserOf(step) is { } account)
        {
            Take(account, result, defaults);
        }

        AddDefaults(result);
        Add(result, defaults.Environment.Values);
        Add(result, (step?.Environment ?? StepVariables.None).Values);
        return result;
    }

    /// <summary>Each declared variable as <c>DEPLOY_NAME</c>, unless no variable can be called so.</summary>
    private static void AddValues(
        Dictionary<string, string?> result,
        IReadOnlyList<KeyValuePair<string, string>> values
    )
    {
        foreach (var (name, value) in values)
        {
            if (NameOf(name) is { } variable)
            {
                result[variable] = value;
            }
        }
    }

    /// <summary>What a command finds a declared variable by; null where no variable can be called so.</summary>
    internal static string? NameOf(string declared) =>
        VariableName.IsValid(declared) ? VariablePrefix + declared.ToUpperInvariant() : null;

    /// <summary>What speaks of the server's user speaks of this one.</summary>
    private static void Take(UserAccount account, Dictionary<string, string?> result, StepDefaults defaults)
    {
        result["HOME"] = account.Home;
        result["USER"] = account.Name;
        result["LOGNAME"] = account.Name;
        result["SHELL"] = IsForLoginOnly(account.Shell) ? "/bin/sh" : account.Shell;
        if (!defaults.InheritedEnvironment.Contains("SSH_AUTH_SOCK", StringComparer.Ordinal))
        {
            result["SSH_AUTH_SOCK"] = null;
        }
    }

    /// <summary>Users of services have a shell that only says no; ssh and others would start their commands by it.</summary>
    private static bool IsForLoginOnly(string shell) => Path.GetFileName(shell) is "nologin" or "false" or "";

    internal static void CheckName(string name, Place place, ReadingContext context)
    {
        if (name.Contains('=', StringComparison.Ordinal))
        {
            context.Mistake(place, $"{Quote.Of(name)} is no name of an environment variable");
        }
        else if (
            name.StartsWith(OurPrefix, StringComparison.Ordinal) || Reserved.Contains(name, StringComparer.Ordinal)
        )
        {
            context.Mistake(place, $"the variable {Quote.Of(name)} belongs to Thin Deployer itself; use another name");
        }
        else if (!VariableName.IsValid(name))
        {
            // dash drops such a variable from the environment of all that it starts; bash hands it on.
            context.Warn(
                place,
                $"a variable called {Quote.Of(name)} may not reach the command: shells such as dash drop it; use only letters, "
                    + "digits and \"_\", and no digit first"
            );
        }
    }

    private static void Add(Dictionary<string, string?> result, IEnumerable<KeyValuePair<string, string>> variables)
    {
        foreach (var (name, value) in variables)
        {
            result[name] = value;
        }
    }

    private static bool IsTaken(string name, StepDefaults defaults) =>
        Taken.Contains(name, StringComparer.Ordinal)
        || name.StartsWith("LC_", StringComparison.Ordinal)
        || defaults.InheritedEnvironment.Contains(name, StringComparer.Ordinal);

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

    /// <summary>As it was when the first step was prepared: nothing in this program changes it.</summary>
    private static readonly Dictionary<string, string> ServerEnvironment = Environment
        .GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
