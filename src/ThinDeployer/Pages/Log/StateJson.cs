using System.Text.Json.Serialization;
using ThinDeployer.Http;
using ThinDeployer.Lines;

namespace ThinDeployer.Pages.Log;

/// <summary>How a deployment stands: all of it, so that who missed some needs nothing but the newest.</summary>
/// <param name="Standing">What the page shows of it beyond that (<see cref="Shown.Standing"/>).</param>
/// <param name="Total">Lines of its output so far.</param>
/// <param name="Bytes">Of its output so far: a line may grow, or be written over.</param>
/// <param name="Complete">Whether it has ended, and no more lines will come.</param>
internal sealed record StateJson(
    string Status,
    string Standing,
    long Total,
    long Bytes,
    bool Complete,
    IReadOnlyList<StepStateJson> Steps
);

/// <param name="N">As <see cref="StepPlace.Number"/>.</param>
/// <param name="Kind">Of its colours.</param>
/// <param name="Sign">Which says the same as its status.</param>
/// <param name="First">Its first line. What stands between two steps belongs to the one before.</param>
/// <param name="Last">Its last line so far; less than the first where it has none.</param>
internal sealed record StepStateJson(
    int N,
    string Status,
    string Kind,
    string Sign,
    int? ExitCode,
    int Attempts,
    long? DurationMs,
    string StartedAt,
    string? Message,
    string? Hook,
    string Command,
    long First,
    long Last
)
{
    internal static StepStateJson Of(StepPlace step, LineRange lines)
    {
        var json = StepJson.Of(step.Result);
        return new StepStateJson(
            step.Number,
            json.Status,
            Shown.Class(step.Result.Status),
            Shown.Icon(step.Result.Status),
            json.ExitCode,
            json.Attempts,
            json.DurationMs,
            json.StartedAt,
            json.Message,
            json.Hook,
            json.Command,
            lines.First,
            lines.Last
        );
    }
}

/// <summary>The answer to a search.</summary>
/// <param name="Lines">Numbers of those that have the text.</param>
/// <param name="More">Whether there are more behind them.</param>
internal sealed record FoundJson(IReadOnlyList<long> Lines, bool More);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(StateJson))]
[JsonSerializable(typeof(FoundJson))]
internal sealed partial class LogJson : JsonSerializerContext;
