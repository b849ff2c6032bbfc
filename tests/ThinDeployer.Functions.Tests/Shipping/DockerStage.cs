namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>One image that a Dockerfile makes, on its way or as its end.</summary>
/// <param name="Image">What it begins from.</param>
/// <param name="Name">Null where it has none.</param>
/// <param name="Instructions">Those after <c>FROM</c>, in their order.</param>
internal sealed record DockerStage(
    string Image,
    string? Name,
    List<(string Instruction, string Arguments)> Instructions
)
{
    private const string CopiedFrom = "--from=";

    internal IReadOnlyDictionary<string, string> Environment =>
        Of("ENV")
            .SelectMany(line => line.Split(' '))
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>The stages that must be built for it.</summary>
    internal IEnumerable<string> Needs =>
        Of("COPY")
            .SelectMany(line => line.Split(' '))
            .Where(word => word.StartsWith(CopiedFrom, StringComparison.Ordinal))
            .Select(word => word[CopiedFrom.Length..]);

    /// <summary>The packages of its one <c>apt-get install</c>.</summary>
    internal IEnumerable<string> Packages =>
        Of("RUN")
            .Select(line =>
                line.Split(" && ")
                    .SingleOrDefault(command => command.StartsWith("apt-get install ", StringComparison.Ordinal))
            )
            .Single(command => command is not null)!
            .Split(' ')[2..]
            .Where(word => !word.StartsWith('-'));

    internal string[] Of(string instruction) =>
        [.. Instructions.Where(one => one.Instruction == instruction).Select(one => one.Arguments)];
}
