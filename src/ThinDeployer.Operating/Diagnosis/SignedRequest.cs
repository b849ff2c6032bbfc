using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>Signs a body as a sender would, so that somebody can try a service without the sender.</summary>
public static class SignedRequest
{
    private const string Place = "the command line";

    /// <summary>The header lines for a body; empty where the keys make no signature.</summary>
    /// <param name="keys">As below <c>signature</c> of a service, such as <c>sender</c> and <c>secret_file</c>.</param>
    /// <param name="body">As it will be sent.</param>
    /// <param name="id">Of the delivery, for senders that sign it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="complaints">What is wrong with the keys, a sentence each.</param>
    public static IReadOnlyList<string> Of(
        IEnumerable<KeyValuePair<string, string>> keys,
        byte[] body,
        string id,
        TimeProvider time,
        out IReadOnlyList<string> complaints
    )
    {
        ArgumentNullException.ThrowIfNull(time);
        var place = Yaml.Place.StartOf(Place);
        var map = new YamlMap(place, [.. keys.Select(key => new YamlEntry(Text(key.Key), Text(key.Value)))]);
        var problems = new Problems();
        var context = new ReadingContext(problems, Service: null, _ => null, "/");
        var signature = SignatureReader.ReadKeys(new MapReader(map, context));
        complaints =
        [
            .. problems.Where(problem => problem.Severity is Severity.Mistake).Select(problem => problem.Message),
        ];
        return signature is null || complaints.Count > 0
            ? []
            : [.. signature.Scheme.Sign(body, id, time.GetUtcNow()).Select(header => $"{header.Key}: {header.Value}")];

        YamlText Text(string text) => new(place, text, IsQuoted: true);
    }
}
