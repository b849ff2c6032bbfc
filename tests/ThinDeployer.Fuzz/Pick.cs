using CsCheck;

namespace ThinDeployer.Fuzz;

/// <summary>Choices that most generators need.</summary>
internal static class Pick
{
    internal static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    /// <summary>A text of some of these characters.</summary>
    internal static Gen<string> Text(string characters, int longest) =>
        Gen.Char[characters].Array[0, longest].Select(all => new string(all));

    /// <summary>Cuts, doubles and inserts, as if somebody had edited in a hurry.</summary>
    /// <param name="good">What is edited.</param>
    /// <param name="fragments">What is inserted.</param>
    internal static Gen<string> Edited(string good, Gen<string> fragments) =>
        Gen.Select(Gen.Int[0, good.Length], Gen.Int[0, 20], Gen.Int[0, 2], fragments)
            .Array[1, 5]
            .Select(edits => edits.Aggregate(good, Edit));

    private static string Edit(string text, (int Start, int Length, int Kind, string Fragment) edit)
    {
        var start = Math.Min(edit.Start, text.Length);
        var length = Math.Min(edit.Length, text.Length - start);
        return edit.Kind switch
        {
            0 => text.Remove(start, length),
            1 => text.Insert(start, text.Substring(start, length)),
            _ => text.Remove(start, length).Insert(start, edit.Fragment),
        };
    }
}
