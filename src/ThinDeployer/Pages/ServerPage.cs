using System.Globalization;
using AspNetCoreGeneratedDocument;
using ThinDeployer.Configuration;
using ThinDeployer.Http;
using ThinDeployer.Outbox;
using ThinDeployer.Steps;

namespace ThinDeployer.Pages;

/// <summary><c>/ui/server</c>: version, configuration, what people were not told, and what <c>doctor</c> finds.</summary>
internal sealed class ServerPage(
    PageAccess access,
    CurrentConfiguration current,
    ConfigurationSettings source,
    EngineSettings engine,
    OutboxSender outbox,
    OperatorTexts texts,
    TimeProvider time
) : IRouteGroup
{
    private static readonly HashSet<string> Arguments = new(StringComparer.Ordinal) { "examine" };

    /// <summary>Of what waits to be told.</summary>
    private const int MostWaiting = 50;

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    private readonly Examination _examination = new(texts, time);

    public IReadOnlyList<RouteEntry> Routes =>
        [new("ui/server", ["GET"], (context, _) => access.OpenAsync(context, Arguments, ShowAsync))];

    private async Task ShowAsync(Visit visit)
    {
        if (!visit.Caller.SeesAll)
        {
            await NothingPage.WriteAsync(visit, "This is for who may see all services");
            return;
        }

        var configuration = visit.Configuration;
        var isExamined = visit.Argument("examine") == "true";
        var facts = new ServerFacts(
            typeof(ServerPage).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "",
            _startedAt,
            Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
            SystemUser.Name,
            source.Path,
            engine.DataFolder,
            configuration.IsUsable ? configuration.Services.Count : 0
        );
        var model = new ServerModel(
            visit.Frame with
            {
                Title = "Server",
                Part = "server",
            },
            visit,
            facts,
            configuration.IsUsable ? current.RefusedMistakes : configuration.Mistakes,
            [.. source.Warnings, .. configuration.Warnings],
            outbox.Waiting(services: null, MostWaiting),
            outbox.Troubles,
            isExamined,
            isExamined ? await _examination.FindAsync(visit.Context.RequestAborted) : null
        );
        await PageAnswer.WriteAsync(visit.Context, new Pages_Templates_Server { Model = model });
    }
}

/// <param name="Services">How many are configured.</param>
internal sealed record ServerFacts(
    string Version,
    DateTimeOffset StartedAt,
    string ProcessId,
    string User,
    string Configuration,
    string Data,
    int Services
);

/// <param name="Mistakes">Of the configuration as it stands in the files now.</param>
/// <param name="Waiting">What people were not told yet.</param>
/// <param name="NotTold">The newest of each target that never took it.</param>
/// <param name="IsExamined">Whether somebody asked for it.</param>
/// <param name="Examined">Null where nobody did, or it takes too long.</param>
internal sealed record ServerModel(
    Frame Frame,
    Visit Visit,
    ServerFacts Facts,
    IReadOnlyList<string> Mistakes,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<(OutboxItem Item, string Kind, string Name)> Waiting,
    IReadOnlyList<OutboxTrouble> NotTold,
    bool IsExamined,
    IReadOnlyList<Examined>? Examined
) : IPageModel;
