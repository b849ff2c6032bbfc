using ThinDeployer.Configuration;

namespace ThinDeployer.Tests.Configuration;

/// <summary>What a configuration says of the names that <c>variables</c> declares.</summary>
public sealed class DeclaredVariableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("variables: {v: {argument: v}}", "echo %v%", 0)]
    [InlineData("variables: {v: {argument: v}}", "echo `echo %v%`", 1)]
    [InlineData("variables: {other: {argument: v}}", "echo `echo %v%`", 0)]
    [InlineData("variables: {token: {argument: v}}", "echo", 1)]
    [InlineData("variables: {'a b': {argument: v}}", "echo", 1)]
    [InlineData("variables: {a.b-c_1: {argument: v}}", "echo", 0)]
    public void They_are_names_of_placeholders_and_must_stand_where_quoting_is_safe(
        string variables,
        string command,
        int mistakes
    )
    {
        var yaml = $"shop:\n  token: a-token-of-sixteen-letters\n  pwd: .\n  {variables}\n  commands: ['{command}']\n";
        var file = _folder.Write("f.yml", System.Text.Encoding.UTF8.GetBytes(yaml));

        var snapshot = ConfigurationReader.Read(file, _ => null, _folder.FullName);

        Assert.Equal(mistakes, snapshot.Mistakes.Count);
    }
}
