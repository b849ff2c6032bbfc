namespace ThinDeployer.Yaml;

/// <summary>Where something was written. Line and column count from 1; a column is a UTF-16 unit.</summary>
internal sealed record Place(string File, int Line, int Column)
{
    internal static Place StartOf(string file) => new(file, 1, 1);

    public override string ToString() => $"{File}:{Line}:{Column}";
}
