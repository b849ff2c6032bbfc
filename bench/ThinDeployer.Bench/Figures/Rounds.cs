namespace ThinDeployer.Bench.Figures;

/// <summary>
/// Contestants take turns in every round, so that what happens to the machine happens to all; each round begins with
/// another one.
/// </summary>
internal static class Rounds
{
    /// <returns>For each turn, in the order given, its value of each round.</returns>
    internal static async Task<IReadOnlyList<IReadOnlyList<T>>> RunAsync<T>(
        string what,
        int count,
        IReadOnlyList<Turn<T>> turns,
        CancellationToken cancellationToken
    )
    {
        var values = turns.Select(_ => new List<T>()).ToArray();
        for (var round = 0; round < count; round++)
        {
            for (var step = 0; step < turns.Count; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var index = (round + step) % turns.Count;
                await Console.Error.WriteLineAsync($"{what}: round {round + 1} of {count}, {turns[index].Name}");
                values[index].Add(await turns[index].RunAsync(cancellationToken));
            }
        }

        return values;
    }
}

/// <summary>What one contestant does in a round.</summary>
internal sealed record Turn<T>(string Name, Func<CancellationToken, Task<T>> RunAsync);
