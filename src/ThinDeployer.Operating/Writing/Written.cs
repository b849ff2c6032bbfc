namespace ThinDeployer.Operating.Writing;

/// <summary>A piece of the configuration that is written.</summary>
internal abstract record Written
{
    private Written() { }

    /// <summary>A text as the reader shall have it.</summary>
    internal sealed record Text(string Value) : Written;

    /// <summary>A text of ours that needs no quotes: <c>true</c>.</summary>
    internal sealed record Word(string Value) : Written;

    internal sealed record List(IReadOnlyList<Written> Items) : Written;

    internal sealed record Map(IReadOnlyList<WrittenEntry> Entries) : Written;

    internal static Map MapOf(params (string Key, Written Value)[] entries) =>
        new([.. entries.Select(entry => new WrittenEntry(entry.Key, entry.Value))]);

    internal static List ListOf(IEnumerable<string> texts) => new([.. texts.Select(text => new Text(text))]);
}

/// <summary>A key and its value.</summary>
internal sealed record WrittenEntry(string Key, Written Value);
