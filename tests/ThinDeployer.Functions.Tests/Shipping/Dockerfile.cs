namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>The stages of the Dockerfile, read as text: it can't be built where these tests run.</summary>
internal static class Dockerfile
{
    internal static IReadOnlyList<DockerStage> Stages { get; } = Read(RepositoryFile.Text("Dockerfile"));

    /// <summary>The one that <c>--target</c> names.</summary>
    internal static DockerStage Stage(string name) => Stages.Single(stage => stage.Name == name);

    private static List<DockerStage> Read(string text)
    {
        var stages = new List<DockerStage>();
        foreach (var (instruction, arguments) in Instructions(text))
        {
            if (instruction == "FROM")
            {
                var parts = arguments.Split(" AS ");
                stages.Add(new DockerStage(parts[0], parts.ElementAtOrDefault(1), []));
            }
            else
            {
                stages[^1].Instructions.Add((instruction, arguments));
            }
        }

        return stages;
    }

    /// <summary>Each on one line, without comments.</summary>
    private static IEnumerable<(string Instruction, string Arguments)> Instructions(string text) =>
        text.Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(words => (words[0], string.Join(' ', words[1..])));
}
