using CsCheck;
using ThinDeployer.Configuration;
using ThinDeployer.Operating.Diagnosis;
using ThinDeployer.Tests.Diagnosis;

namespace ThinDeployer.Tests.Configuration;

/// <summary>Whatever stands in a file, it is read or told, and nothing is thrown.</summary>
public sealed class ConfigurationPropertyTests : IDisposable
{
    private static readonly string[] Values =
    [
        "",
        "~",
        "x",
        "'${HOME}'",
        "${NOT_SET_ANYWHERE}",
        "[a, b]",
        "[]",
        "{}",
        "{run: 'echo %a%', timeout: 1s}",
        "[{run: ls}, {runn: 1}, [x], 5, '']",
        "5m",
        "-1",
        "99999999999999999999999",
        "yes",
        "sha256:00",
        "'\\0'",
        "\"\\0\\u2028\"",
        "*nowhere",
        "&a [*a]",
        "!!binary x",
        "'[a|b](?=x)(('",
        "http://[::1",
        "|\n    echo %a% <<E\n    %a%",
        "日本",
    ];

    private static readonly Gen<string> Keys = OneOf([
        .. ConfigurationSchema.ServiceKeys().Keys,
        .. ConfigurationSchema.StepKeys().Keys,
        "<<",
        "unknown",
        "'a b'",
        "? [x]",
    ]);

    private static readonly Gen<string> Lines = Gen.Select(
        OneOf("", "  ", "    ", "- ", "  - ", "\t"),
        Keys,
        OneOf(Values),
        (indent, key, value) => $"{indent}{key}: {value}"
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("thin-deployer-").FullName;
    private int _count;

    public void Dispose() => TemporaryFolder.Remove(_folder);

    [Fact]
    public void Lines_that_mean_something_are_read_or_told() =>
        Gen.Select(OneOf("shop:", "shop: {", "x-y: &a", "'bad name':", "%x"), Lines.Array[0, 8])
            .Sample(text => IsReadOrTold($"{text.Item1}\n{string.Join('\n', text.Item2)}\n"), iter: 3_000);

    [Fact]
    public void Characters_that_mean_nothing_are_read_or_told() =>
        Gen.Char["\0\t\n\r :-[]{}#&*!|>'\"%@`,?ab1é\u2028\uFEFF"]
            .Array[0, 40]
            .Sample(text => IsReadOrTold(new string(text)), iter: 3_000);

    private static Gen<string> OneOf(params string[] words) =>
        Gen.Int[0, words.Length - 1].Select(index => words[index]);

    private bool IsReadOrTold(string text)
    {
        var path = Path.Join(_folder, $"{Interlocked.Increment(ref _count)}.yml");
        File.WriteAllText(path, text);
        var snapshot = ConfigurationReader.Read(path, Environment.GetEnvironmentVariable, _folder);
        var excerpts = new SourceExcerpts();
        foreach (var problem in snapshot.Problems)
        {
            Assert.DoesNotContain('\n', problem.ToString());
            _ = excerpts.Of(problem.Place);
        }

        File.Delete(path);
        return snapshot.IsUsable == (snapshot.Mistakes.Count == 0)
            && (snapshot.IsUsable || snapshot.Problems.Count > 0);
    }
}
