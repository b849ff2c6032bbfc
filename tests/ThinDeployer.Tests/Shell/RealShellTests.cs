using System.Globalization;
using CsCheck;
using ThinDeployer.Shell;

namespace ThinDeployer.Tests.Shell;

/// <summary>
/// What the lexer accepts, tried in the shells it was written for. A failure names a seed: <c>CsCheck_Seed=… dotnet test</c> runs it again.
/// <c>SHELL_BATCHES=1000</c> looks longer than a build has time for.
/// </summary>
public class RealShellTests
{
    private const string Harmless = ".Z.";
    private static readonly string[] Shells = ["/bin/dash", "/bin/bash"];
    private static readonly long Batches = long.Parse(
        Environment.GetEnvironmentVariable("SHELL_BATCHES") ?? "10",
        CultureInfo.InvariantCulture
    );

    private static readonly string[] HostileValues =
    [
        "$(:>$D/H)",
        "`:>$D/H`",
        ";:>$D/H;#",
        "\n:>$D/H\n",
        "';:>$D/H;'",
        "\";:>$D/H;\"",
        "a[$(:>$D/H)]",
        ");:>$D/H;(",
        "}\n:>$D/H #",
        "'\"`$(:>$D/H)`\n:>$D/H\n\"'",
        "\\",
        "x\\\";:>$D/H;\\'",
        "\nE\n:>$D/H\n",
        "*;;esac;:>$D/H;",
        "x=$(:>$D/H) %b% ${u}",
    ];

    private static Gen<byte[][]> Tapes(int count, int length) => Gen.Byte.Array[4, length].Array[count];

    [Fact]
    public void A_value_is_never_run_and_a_placeholder_never_changes_what_stands_around_it() =>
        Tapes(count: 40, length: 160)
            .Sample(CheckCommands, iter: Batches, threads: 2, print: _ => "a batch of commands");

    [Fact]
    public void A_command_gets_exactly_the_value() =>
        Tapes(count: 40, length: 60)
            .Sample(CheckArguments, iter: Batches, threads: 2, print: _ => "a batch of commands");

    private static void CheckCommands(byte[][] tapes)
    {
        using var batch = new ShellBatch();
        var cases = tapes.Select(tape => Case.Of(RandomCommand.From, tape)).ToArray();
        foreach (var (template, hostile, shell) in cases.SelectMany(each => each.InEachShell()))
        {
            batch.Add(shell, WithHarmlessText(template), []);
            Add(batch, shell, template.Render(name => ValueOf(name, Harmless)));
            Add(batch, shell, template.Render(name => ValueOf(name, hostile)));
        }

        var outputs = batch.Run();

        var i = 0;
        foreach (var (template, hostile, shell) in cases.SelectMany(each => each.InEachShell()))
        {
            var (expected, harmless, attacked) = (outputs[i], outputs[i + 1], outputs[i + 2]);
            i += 3;
            Assert.False(
                attacked.EndsWith("CANARY", StringComparison.Ordinal),
                Describe("a value was run", shell, template, hostile)
            );
            Assert.False(
                harmless.EndsWith("CANARY", StringComparison.Ordinal),
                Describe("the test runs its own canary", shell, template, hostile)
            );
            // `set` and `export` list all variables, ours among them. Where nothing is filled in, the script is the same: what
            // differs then is chance, such as how far a here-document's own process comes before its shell gives up.
            var isFilled = template.Render(name => ValueOf(name, Harmless)).Variables.Count > 0;
            if (isFilled && IsForetold(template) && !expected.Contains("PWD="))
            {
                Assert.True(
                    expected == harmless,
                    Describe($"{expected}\nbecame\n{harmless}", shell, template, Harmless)
                );
            }
        }
    }

    private static void CheckArguments(byte[][] tapes)
    {
        using var batch = new ShellBatch();
        var cases = tapes.Select(tape => Case.Of(RandomCommand.ArgumentsFrom, tape)).ToArray();
        foreach (var (template, hostile, shell) in cases.SelectMany(each => each.InEachShell()))
        {
            batch.Add(shell, WithHarmlessText(template), []);
            Add(batch, shell, template.Render(name => ValueOf(name, hostile)));
        }

        var outputs = batch.Run();

        var i = 0;
        foreach (var (template, hostile, shell) in cases.SelectMany(each => each.InEachShell()))
        {
            var (expected, actual) = (outputs[i].Replace(Harmless, hostile), outputs[i + 1]);
            i += 2;
            Assert.True(
                !IsForetold(template) || expected == actual,
                Describe($"{expected}\nbecame\n{actual}", shell, template, hostile)
            );
        }
    }

    private static void Add(ShellBatch batch, string shell, ShellCommand command) =>
        batch.Add(shell, command.Script, command.Variables);

    private static PlaceholderValue? ValueOf(string name, string text) =>
        name switch
        {
            "a" or "b" => new PlaceholderValue(text, IsDefault: false),
            "e" => new PlaceholderValue("", IsDefault: true),
            _ => null,
        };

    /// <summary>The command with a text in the place of each value that means itself wherever it stands.</summary>
    private static string WithHarmlessText(CommandTemplate template)
    {
        var text = "";
        var done = 0;
        foreach (var placeholder in template.Placeholders)
        {
            if (placeholder.Index >= done && placeholder is { Refusal: null, Name: "a" or "b" })
            {
                text += template.Source[done..placeholder.Index] + Harmless;
                done = placeholder.Index + placeholder.Name.Length + 2;
            }
        }

        return text + template.Source[done..];
    }

    /// <summary>Not what prints a process id or runs in the background, and not where an empty default stands for no word.</summary>
    private static bool IsForetold(CommandTemplate template)
    {
        var text = template.Source.Replace("\\\n", "");
        return !text.Contains("$$")
            // bash expands the tilde there only if nothing behind the colon is quoted.
            && !text.Contains("~:")
            && !text.Replace("&&", "").Contains('&')
            && !template.Placeholders.Any(placeholder => placeholder is { Name: "e", Refusal: null });
    }

    private static string Describe(string what, string shell, CommandTemplate template, string value)
    {
        var command = template.Render(name => ValueOf(name, value));
        return $"{shell}: {what}\n--- template\n{template.Source}\n--- script\n{command.Script}\n--- value\n{value}\n---";
    }

    private sealed record Case(CommandTemplate Template, string Hostile)
    {
        internal static Case Of(Func<Tape, string> command, byte[] choices)
        {
            var tape = new Tape(choices);
            var hostile = tape.Pick(HostileValues);
            return new Case(CommandTemplate.Parse(command(tape)), hostile);
        }

        internal IEnumerable<(CommandTemplate Template, string Hostile, string Shell)> InEachShell() =>
            Shells.Select(shell => (Template, Hostile, shell));
    }
}
