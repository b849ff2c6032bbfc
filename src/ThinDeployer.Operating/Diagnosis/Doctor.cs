using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ThinDeployer.Configuration;
using ThinDeployer.Identities;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>Looks for what keeps deployments from working, and names the cure. It changes nothing and runs no command of a service.</summary>
public static class Doctor
{
    /// <param name="settings">As the server would have them.</param>
    /// <param name="server">That runs; null for none.</param>
    /// <param name="transports">Lead to other machines.</param>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(
        ServerSettings settings,
        RunningServer? server,
        Transports transports
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(transports);
        var snapshot = LoadedConfiguration.Load(settings).Snapshot;
        var services = snapshot.IsUsable
            ? snapshot.Services.Values.OrderBy(service => service.Name, StringComparer.Ordinal).ToList()
            : [];
        var confinement = Confinement.Of(server?.Process ?? "self");
        List<Finding> findings =
        [
            .. MachineExamination.Run(settings, server, services),
            .. Confined(server, confinement),
            .. Configuration(settings, snapshot),
            .. await OutboxExamination.RunAsync(settings.Engine.DataFolder, services),
            .. await FleetExamination.RunAsync(settings, services, transports),
        ];
        var unit = (server is null ? null : SelfRestart.UnitOf(server.ProcessId)) ?? SelfRestart.UsualUnit;
        findings.AddRange(await IssuersAsync(snapshot));
        foreach (var service in services)
        {
            findings.AddRange(await new ServiceExamination(service, unit, confinement).RunAsync());
        }

        return findings;
    }

    /// <summary>A line each, and how many of them somebody should look at.</summary>
    public static string ToText(IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var (wrong, warnings) = (Count(findings, Weight.Wrong), Count(findings, Weight.Warning));
        var sum =
            (wrong, warnings) == (0, 0)
                ? "all good"
                : $"{(wrong == 0 ? "nothing" : wrong)} wrong, {Counted.Of(warnings, "warning")}";
        return $"{string.Join('\n', findings)}\n{sum}";
    }

    private static int Count(IReadOnlyList<Finding> findings, Weight weight) =>
        findings.Count(finding => finding.Weight == weight);

    /// <summary>The findings as an array of objects.</summary>
    public static string ToJson(IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(stream, options))
        {
            json.WriteStartArray();
            foreach (var finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("result", finding.Weight.ToString().ToLowerInvariant());
                json.WriteString("what", finding.What);
                json.WriteString("text", finding.Text);
                if (finding.Cure is not null)
                {
                    json.WriteString("cure", finding.Cure);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Whether the keys of those can be had whose tokens are taken.</summary>
    private static async Task<IEnumerable<Finding>> IssuersAsync(ConfigurationSnapshot snapshot)
    {
        using var client = new IssuerClient(TimeProvider.System);
        var findings = new List<Finding>();
        foreach (var issuer in snapshot.Issuers.Where(_ => snapshot.IsUsable).Order(StringComparer.Ordinal))
        {
            const string what = "identity";
            findings.Add(
                await client.AskAsync(issuer, CancellationToken.None) switch
                {
                    IssuerAnswer.Keys(var keys) => Finding.Good(what, $"{issuer} has {Counted.Of(keys.Count, "key")}"),
                    IssuerAnswer.Failed(var why) => Finding.Bad(
                        what,
                        $"the keys of {issuer} can't be had: {why}",
                        "its tokens open nothing until they can; is the address right, and may this machine reach it?"
                    ),
                    _ => throw new InvalidOperationException("The issuer gave an answer that is not known."),
                }
            );
        }

        return findings;
    }

    /// <summary>No finding by itself: what it breaks is told of the commands.</summary>
    private static IEnumerable<Finding> Confined(RunningServer? server, Confinement? confinement)
    {
        const string what = "confinement";
        var whose = server is null
            ? "of this shell: with the server running, that of the server is looked at"
            : $"of process {server.ProcessId}, which its steps have, too";
        if (confinement is null)
        {
            yield return Finding.Doubtful(what, $"that {whose} can't be read", "ask as that user");
            yield break;
        }

        var told = confinement.Told();
        yield return Finding.Good(what, $"{(told.Count == 0 ? "none" : string.Join(", ", told))} ({whose})");
    }

    private static IEnumerable<Finding> Configuration(ServerSettings settings, ConfigurationSnapshot snapshot)
    {
        const string what = "configuration";
        if (!snapshot.IsUsable)
        {
            yield return Finding.Bad(
                what,
                $"{Counted.Of(snapshot.Mistakes.Count, "mistake")}, the first is {snapshot.Mistakes[0]}",
                "thin-deployer validate shows all"
            );
            yield break;
        }

        yield return Finding.Good(
            what,
            $"{settings.Configuration.Path}, {Counted.Of(snapshot.Services.Count, "service")}"
        );
        foreach (var warning in settings.Configuration.Warnings.Concat(snapshot.Warnings))
        {
            yield return new Finding(Weight.Warning, what, warning);
        }
    }
}
