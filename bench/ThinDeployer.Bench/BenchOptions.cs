using System.Globalization;

namespace ThinDeployer.Bench;

/// <summary>What is measured, and how long. The script <c>bench/compare</c> checks and documents the switches.</summary>
internal sealed record BenchOptions
{
    /// <summary>The repository.</summary>
    public required string Root { get; init; }

    /// <summary>The native binary that was given; null where the script has published one.</summary>
    public string? GivenBinary { get; init; }

    /// <summary>Servers keep their data in a new folder in it. <c>/tmp</c> may be memory, where flushing costs nothing.</summary>
    public string Work { get; init; } = "/var/tmp";

    public int? GivenRounds { get; init; }

    public int Rounds => GivenRounds ?? (IsQuick ? 2 : 5);

    public bool IsQuick { get; init; }

    public bool IsFull { get; init; }

    public bool WithGrowth { get; init; }

    /// <summary>Names of measures; none means all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Of each load.</summary>
    public int Seconds => IsQuick ? 1 : 3;

    /// <exception cref="BenchFaultException">A switch that is not known, or has no value.</exception>
    internal static BenchOptions Parse(IEnumerable<string> arguments)
    {
        var options = new BenchOptions { Root = Directory.GetCurrentDirectory() };
        var left = new Queue<string>(arguments);
        while (left.TryDequeue(out var name))
        {
            options = name switch
            {
                "--quick" => options with { IsQuick = true },
                "--full" => options with { IsFull = true },
                "--growth" => options with { WithGrowth = true },
                "--root" => options with { Root = Value() },
                "--binary" => options with { GivenBinary = Value() },
                "--work" => options with { Work = Value() },
                "--rounds" => options with { GivenRounds = Number(Value()) },
                "--only" => options with { Only = [.. options.Only, Value()] },
                _ => throw new BenchFaultException($"unknown switch {name}"),
            };

            string Value() =>
                left.TryDequeue(out var value) ? value : throw new BenchFaultException($"{name}: no value");
        }

        return options;
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new BenchFaultException($"{text} is no number of rounds");
}
