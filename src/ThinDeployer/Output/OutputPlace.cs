using System.Globalization;

namespace ThinDeployer.Output;

/// <summary>How far a follower has come in an output; written as the id of an event, so that it can come back to it.</summary>
/// <param name="Position">Bytes that it has.</param>
/// <param name="Marks">Events of steps that it has; null for all that stand before the position.</param>
internal sealed record OutputPlace(long Position, int? Marks)
{
    internal static OutputPlace Start { get; } = new(0, 0);

    public override string ToString() =>
        Marks is { } marks
            ? string.Create(CultureInfo.InvariantCulture, $"{Position}.{marks}")
            : Position.ToString(CultureInfo.InvariantCulture);

    /// <summary>Null for what is no place.</summary>
    internal static OutputPlace? Parse(string text)
    {
        var parts = text.Split('.');
        if (
            parts.Length > 2
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
        )
        {
            return null;
        }

        if (parts.Length == 1)
        {
            return new OutputPlace(position, Marks: null);
        }

        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var marks)
            ? new OutputPlace(position, marks)
            : null;
    }
}
