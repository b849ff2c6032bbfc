using System.CommandLine;
using ThinDeployer.Configuration;

namespace ThinDeployer.Server.Client;

/// <summary>All that the commands of the client have in common, for one call of one.</summary>
internal sealed class ClientCall : IDisposable
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromMinutes(5);

    /// <exception cref="ClientFailure">What is said can't be used.</exception>
    internal ClientCall(ParseResult parsed, CancellationToken cancellationToken)
    {
        Parsed = parsed;
        CancellationToken = cancellationToken;
        Patience = ReadPatience(parsed);
        Server = new ServerConnection(ClientSettings.Read(parsed));
    }

    internal static Option<bool> JsonOption { get; } =
        new("--json") { Description = "print JSON, as the server gives it" };

    internal static Option<string> PatienceOption { get; } =
        new("--patience")
        {
            Description = "how long the server may be away or busy, such as 30s [default: 5m]",
            HelpName = "DURATION",
            Arity = ArgumentArity.ExactlyOne,
        };

    internal ParseResult Parsed { get; }

    internal CancellationToken CancellationToken { get; }

    internal ServerConnection Server { get; }

    internal TimeSpan Patience { get; }

    internal bool AsJson => Parsed.GetValue(JsonOption);

    internal Following Following => new(Server, Patience, AsJson);

    /// <summary>Asks the server, again while it is away or busy.</summary>
    internal PatientQuestions Questions => new(Server, Patience);

    public void Dispose() => Server.Dispose();

    private static TimeSpan ReadPatience(ParseResult parsed) =>
        parsed.GetValue(PatienceOption) is not { } text ? DefaultPatience
        : ServerSettings.TryDuration(text, out var patience) ? patience
        : throw ClientFailure.Refused("--patience must be a duration, such as 30s or 10m");
}
