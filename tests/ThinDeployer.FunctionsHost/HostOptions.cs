using System.Globalization;

namespace ThinDeployer.FunctionsHost;

/// <summary>What the command line says. The defaults are those of the real host.</summary>
internal sealed record HostOptions
{
    internal const string Usage =
        "usage: ThinDeployer.FunctionsHost <published folder> --port N\n"
        + "       [--request-drain SECONDS] [--invocation-drain SECONDS] [--kill-after SECONDS] [--silence SECONDS]";

    /// <summary>Full path of the published app.</summary>
    internal required string Folder { get; init; }

    /// <summary>0 for any that is free.</summary>
    internal int Port { get; init; }

    /// <summary>First, on SIGTERM: how long requests in flight may take, while the worker does not know yet.</summary>
    internal TimeSpan RequestDrain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Second: how long functions that still run may take.</summary>
    internal TimeSpan InvocationDrain { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Third: how long the worker may take to stop. So much it is told.</summary>
    internal static TimeSpan WorkerGrace { get; } = TimeSpan.FromSeconds(5);

    /// <summary>When it is killed.</summary>
    internal TimeSpan KillAfter { get; init; } = WorkerGrace;

    /// <summary>An answer, or a request's body, that is silent for so long is cut.</summary>
    internal TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(240);

    /// <returns>Null where the words are off.</returns>
    internal static HostOptions? Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 3 || arguments.Count % 2 == 0 || !Directory.Exists(arguments[0]))
        {
            return null;
        }

        HostOptions? options = new HostOptions { Folder = Path.GetFullPath(arguments[0]) };
        for (var at = 1; at < arguments.Count && options is not null; at += 2)
        {
            options = int.TryParse(arguments[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? options.With(arguments[at], number)
                : null;
        }

        return options;
    }

    private HostOptions? With(string name, int number) =>
        name switch
        {
            "--port" when number <= ushort.MaxValue => this with { Port = number },
            "--request-drain" => this with { RequestDrain = TimeSpan.FromSeconds(number) },
            "--invocation-drain" => this with { InvocationDrain = TimeSpan.FromSeconds(number) },
            "--kill-after" => this with { KillAfter = TimeSpan.FromSeconds(number) },
            "--silence" => this with { Silence = TimeSpan.FromSeconds(number) },
            _ => null,
        };
}
