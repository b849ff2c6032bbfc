namespace ThinDeployer.Yaml;

/// <summary>What a reader takes for a key; what the schema is made from.</summary>
internal abstract record KeyShape
{
    private KeyShape() { }

    /// <summary>The reader looks at it itself.</summary>
    internal sealed record Own : KeyShape;

    internal sealed record Text : KeyShape;

    internal sealed record Boolean : KeyShape;

    internal sealed record Integer(int Minimum, int Maximum) : KeyShape;

    internal sealed record Duration : KeyShape;

    internal sealed record Size : KeyShape;

    internal sealed record FileMask : KeyShape;

    internal sealed record Choice(IReadOnlyList<string> Words) : KeyShape;

    internal sealed record List : KeyShape;

    internal sealed record Map : KeyShape;

    /// <summary>A map of names to texts.</summary>
    internal sealed record Texts : KeyShape;
}
