using CsCheck;
using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Yaml;

/// <summary>
/// No text makes reading throw or hang. For a long search, the environment variable <c>CsCheck_Iter</c> sets the tries.
/// </summary>
public sealed class YamlPropertyTests : IDisposable
{
    private static readonly long Tries = Math.Max(Check.Iter, 1_000);

    // A text of this size takes well below a millisecond; the rest is for a slow machine.
    private static readonly TimeSpan Plenty = TimeSpan.FromSeconds(5);

    private const string Valid = """
        x-common: &common
          environment: {A: "${A:-1}", B: 'it''s'}
          pwd: ~/www # where
        shop:
          <<: *common
          token: [first, &second "se\u0063ond"]
          use_notification: yes
          request_regexp: "\"branch\": \"(production|stage)\""
          commands:
            - git pull
            - run: |
                echo one
                echo two
              timeout: 5m
            - >-
              folded
              text
        ? other
        : {<<: [*common, {a: 1}], token: *second, commands: [a: b, c]}
        """;

    private static readonly string[] Fragments =
    [
        .. "[ ] { } , : ? - & * ! | > ' \" % @ ` # ~ < = \\ \n \r \t . $ 0 a x é \u0085 \u2028 \uFEFF \uD83D\uDC22".Split(
            ' '
        ),
        .. new[]
        {
            " ",
            "  ",
            "    ",
            "\n  ",
            "\n- ",
            "\r\n",
            ": ",
            "- ",
            "? ",
            " #",
            "---\n",
            "\n---",
            "...\n",
            "<<: ",
            "&a ",
            "*a",
        },
        .. new[]
        {
            "!!str ",
            "!<x> ",
            "%YAML 1.1\n",
            "%TAG ! x\n",
            "|\n",
            ">-\n ",
            "|2+\n",
            "${",
            "${A}",
            ":-",
            "}",
            "$${",
            "null",
        },
        .. new[]
        {
            "k: ",
            "\nk: ",
            "\n  k: v",
            "{a: b}",
            "[a, b]",
            "'x'",
            "\"\\n\"",
            "\"\\0\"",
            "\"\\ud83d\\udc22\"",
            "<<: *a\n",
            "~/",
        },
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_fragments_of_YAML_make_it_throw_or_hang() =>
        Gen.OneOf(Fragments).Array[0, 60].Select(string.Concat).Sample(ReadsInTime, iter: Tries);

    [Fact]
    public void No_mutation_of_a_good_file_makes_it_throw_or_hang() =>
        Gen.Select(Gen.Int[0, Valid.Length], Gen.Int[0, 20], Gen.OneOf(Fragments))
            .Array[1, 6]
            .Select(cuts => cuts.Aggregate(Valid, Mutate))
            .Sample(ReadsInTime, iter: Tries);

    [Fact]
    public void No_characters_make_it_throw_or_hang() => Gen.String[0, 200].Sample(ReadsInTime, iter: Tries);

    [Fact]
    public void No_bytes_make_reading_a_file_throw_or_hang() =>
        Gen
            .Byte.Array[0, 200]
            .Sample(
                bytes =>
                {
                    var path = _folder.Write("bytes", bytes);
                    var problems = new Problems();
                    var map = YamlFile.Read(path, new NodeBudget(), problems);
                    return map is not null || problems.HasMistakes;
                },
                iter: Tries,
                // They share the file.
                threads: 1
            );

    private static string Mutate(string text, (int Start, int Length, string Replacement) cut)
    {
        var start = Math.Min(cut.Start, text.Length);
        var length = Math.Min(cut.Length, text.Length - start);
        return string.Concat(text.AsSpan(0, start), cut.Replacement, text.AsSpan(start + length));
    }

    private static bool ReadsInTime(string text)
    {
        var started = ComputingTime.Now;
        var sample = YamlSample.Of(text);
        if (sample.Map is not null)
        {
            ReadEverything(new MapReader(sample.Map, ContextOf(sample)), sample.Map);
        }
        return (sample.Map is not null || sample.Problems.HasMistakes)
            && sample.Lines.All(line => !line.AsSpan().ContainsAny('\n', '\r'))
            && ComputingTime.Now - started < Plenty;
    }

    private static ReadingContext ContextOf(YamlSample sample) =>
        new(sample.Problems, "shop", name => name == "A" ? "a" : null, "/home/user");

    // Every way to read every key, whatever its shape.
    private static void ReadEverything(MapReader reader, YamlMap map)
    {
        reader.Finish();
        foreach (var key in map.Entries.Select(entry => entry.Key.Text))
        {
            reader.Text(key);
            reader.RawText(key);
            reader.Boolean(key, byDefault: false);
            reader.Path(key);
            reader.List(key);
            if (reader.Map(key) is { } inner)
            {
                ReadEverything(inner, (YamlMap)reader.Node(key)!);
            }
        }
        reader.Finish();
    }
}
