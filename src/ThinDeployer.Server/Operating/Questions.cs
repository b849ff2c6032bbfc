namespace ThinDeployer.Server.Operating;

/// <summary>Asks who sits at a terminal; elsewhere, what is suggested is taken.</summary>
/// <param name="isSilent">Whether nothing is asked there, either.</param>
internal sealed class Questions(bool isSilent)
{
    /// <summary>The stream itself: the reader of .NET would change the terminal.</summary>
    private readonly StreamReader? _answers =
        isSilent || Console.IsInputRedirected ? null : new StreamReader(Console.OpenStandardInput());

    internal string Ask(string question, string suggested)
    {
        if (_answers is null)
        {
            return suggested;
        }

        Console.Error.Write($"{question} [{suggested}]: ");
        return _answers.ReadLine()?.Trim() is { Length: > 0 } answer ? answer : suggested;
    }

    /// <summary>Up to an empty one.</summary>
    internal IReadOnlyList<string> AskLines(string question, IReadOnlyList<string> suggested)
    {
        if (_answers is null)
        {
            return suggested;
        }

        Console.Error.WriteLine($"{question} [{string.Join("; ", suggested)}]:");
        var lines = new List<string>();
        while (_answers.ReadLine()?.Trim() is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        return lines.Count == 0 ? suggested : lines;
    }
}
