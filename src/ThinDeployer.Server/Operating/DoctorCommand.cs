using System.CommandLine;
using ThinDeployer.Operating.Diagnosis;

namespace ThinDeployer.Server.Operating;

/// <summary><c>doctor</c>: what keeps deployments from working.</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> Send = new("--send")
    {
        Description = "also send a test to everybody who is told of a service",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "print JSON" };

    internal static Command New()
    {
        var doctor = new Command(
            "doctor",
            "Look for what keeps deployments from working: exit code 0, or 1 for what is wrong."
        );
        foreach (var option in (Option[])[.. ServerOptions.Of(one => one.IsOfMachine), Send, Json])
        {
            doctor.Options.Add(option);
        }

        doctor.SetAction(RunAsync);
        return doctor;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        // Where the server's data are must be known to find the server, whose environment then counts.
        var server = RunningServer.TakeEnvironment(ServerOptions.Read(parsed));
        var settings = ServerOptions.Read(parsed, isAgent: AgentProgram.HasJoined(ServerOptions.Read(parsed)));
        if (settings.Mistakes.Count > 0)
        {
            return Refusal.Say(string.Join("; ", settings.Mistakes));
        }

        var findings = await Doctor.ExamineAsync(settings, server, StandaloneServer.Transports);
        if (parsed.GetValue(Send))
        {
            findings = [.. findings, .. await TestMessages.SendAsync(settings, cancellationToken)];
        }

        Console.Out.WriteLine(parsed.GetValue(Json) ? Doctor.ToJson(findings) : Doctor.ToText(findings));
        return findings.Any(finding => finding.Weight is Weight.Wrong) ? ExitCode.Failed : ExitCode.Good;
    }
}
