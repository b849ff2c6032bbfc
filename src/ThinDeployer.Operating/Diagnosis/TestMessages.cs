using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Notifications;
using ThinDeployer.Outbox;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>Sends a test to everybody who is told of a service, as <c>doctor --send</c>.</summary>
public static class TestMessages
{
    private const string Text = "A test by thin-deployer doctor on %host%: messages of %service% arrive here";

    private const string Output = "A test by thin-deployer doctor: nothing was deployed";

    /// <param name="settings">As the server would have them.</param>
    /// <param name="cancellationToken">Ends what is on its way.</param>
    public static async Task<IReadOnlyList<Finding>> SendAsync(
        ServerSettings settings,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        var snapshot = LoadedConfiguration.Load(settings).Snapshot;
        var findings = new List<Finding>();
        using var http = new OutboxHttp(TimeProvider.System);
        foreach (var service in snapshot.IsUsable ? snapshot.Services.Values : [])
        {
            foreach (var target in service.Notify)
            {
                findings.Add(await SendAsync(service.Name, target, http, cancellationToken));
            }
        }

        return findings.Count > 0
            ? findings
            : [Finding.Doubtful("notify", "no service tells anybody", "give one \"notify\"")];
    }

    private static async Task<Finding> SendAsync(
        string service,
        NotificationTarget target,
        OutboxHttp http,
        CancellationToken cancellationToken
    )
    {
        var id = Guid.CreateVersion7().ToString();
        var news = new News
        {
            Service = service,
            Deployment = id,
            Event = NewsEvent.Accepted,
            Status = DeploymentStatus.Succeeded,
            At = TimeProvider.System.GetUtcNow(),
            Output = Output,
            Template = Text,
            Json = target.Kind.SendsJson ? """{"test": true}""" : null,
        };
        var notifier = new Notifier(target, http, _ => null, TimeProvider.System);
        var receipt = await notifier.SendAsync(news, id, cancellationToken);
        var what = $"{service}: notify";
        return receipt switch
        {
            Receipt.Later later => Bad(later.Why),
            Receipt.Refused refused => Bad(refused.Why),
            _ => Finding.Good(what, $"{target.Name} took a test"),
        };

        Finding Bad(string why) =>
            Finding.Bad(
                what,
                $"{target.Name} did not take a test: {why}",
                "see docs/notifications.md for what it needs"
            );
    }
}
