using System.Globalization;

namespace ThinDeployer.Bench.Programs;

/// <summary>adnanh/webhook, as Debian has it.</summary>
internal sealed class WebhookServer : IContestant
{
    internal const string Title = "webhook";

    public string Name => Title;

    public ProgramStart StartIn(ServerFolder folder, int port) =>
        new("webhook", folder)
        {
            Arguments =
            [
                "-ip",
                "127.0.0.1",
                "-port",
                port.ToString(CultureInfo.InvariantCulture),
                "-hooks",
                folder.HooksFile,
            ],
        };

    public string PathOf(string service) => $"/hooks/{service}";

    public string LivePath => "/";

    public int? PortIn(string log, int asked) => asked;
}
