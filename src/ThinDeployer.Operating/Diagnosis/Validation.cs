using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ThinDeployer.Configuration;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>All that is wrong with a configuration, for the operator who writes it.</summary>
public sealed class Validation
{
    private readonly List<Problem> _problems;
    private readonly int _services;
    private readonly IReadOnlyList<string> _settingWarnings;

    private Validation(ConfigurationSnapshot snapshot, IReadOnlyList<string> settingWarnings)
    {
        _settingWarnings = settingWarnings;
        _problems = [.. snapshot.Problems];
        _services = snapshot.Services.Count;
    }

    /// <summary>Whether the server would start with it.</summary>
    public bool IsGood => Count(Severity.Mistake) == 0;

    /// <summary>Reads the configuration that the settings name. Never throws.</summary>
    public static Validation Of(ServerSettings settings) =>
        new(LoadedConfiguration.Load(settings).Snapshot, settings.Configuration.Warnings);

    /// <summary>Each mistake and warning with the line it stands in, and a closing line.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var warning in _settingWarnings)
        {
            text.Append("warning: ").Append(warning).Append('\n');
        }

        var excerpts = new SourceExcerpts();
        foreach (var problem in _problems)
        {
            var message = problem.ToString();
            text.Append(problem.Severity is Severity.Warning ? "warning: " : "").Append(message).Append('\n');
            if (excerpts.Of(problem.Place) is { } excerpt)
            {
                text.Append("  ").Append(excerpt.Replace("\n", "\n  ", StringComparison.Ordinal)).Append('\n');
            }
        }

        var (mistakes, warnings) = (Count(Severity.Mistake), Count(Severity.Warning) + _settingWarnings.Count);
        return text.Append(
                mistakes == 0 ? $"good: {Counted.Of(_services, "service")}" : Counted.Of(mistakes, "mistake")
            )
            .Append(warnings == 0 ? "" : $", {Counted.Of(warnings, "warning")}")
            .ToString();
    }

    /// <summary>The same as an array of objects.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (
            var json = new Utf8JsonWriter(
                stream,
                new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            json.WriteStartArray();
            foreach (var warning in _settingWarnings)
            {
                json.WriteStartObject();
                json.WriteString("severity", "warning");
                json.WriteString("message", warning);
                json.WriteEndObject();
            }

            _problems.ForEach(problem => Write(json, problem));
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, Problem problem)
    {
        json.WriteStartObject();
        json.WriteString("severity", problem.Severity is Severity.Mistake ? "mistake" : "warning");
        json.WriteString("file", problem.Place.File);
        json.WriteNumber("line", problem.Place.Line);
        json.WriteNumber("column", problem.Place.Column);
        if (problem.Service is not null)
        {
            json.WriteString("service", problem.Service);
        }

        json.WriteString("message", problem.Message);
        json.WriteEndObject();
    }

    private int Count(Severity severity) => _problems.Count(problem => problem.Severity == severity);
}
