using System.Runtime.InteropServices;

namespace ThinDeployer.Lines;

/// <summary>A line, or a part of one, as a person sees it.</summary>
/// <param name="Number">From 1, over the whole output.</param>
/// <param name="Position">Of its first byte, in the output without gaps.</param>
/// <param name="Pieces">In order. No text has a control character but the tab.</param>
/// <param name="Next">The byte of the line where the hidden rest begins.</param>
/// <param name="HiddenBytes">Of the line, behind what is shown; 0 where all is.</param>
internal sealed record ShownLine(
    long Number,
    long Position,
    IReadOnlyList<ShownPiece> Pieces,
    long Next,
    long HiddenBytes
)
{
    /// <summary>What one piece takes beside its text, roughly. Characters.</summary>
    private const int PieceWeight = 24;

    /// <summary>What it takes in an answer, roughly, in characters.</summary>
    internal int Weight => PieceWeight + Pieces.Sum(piece => piece.Text.Length + PieceWeight);
}

/// <summary>Text that looks alike.</summary>
/// <param name="Foreground">Inverse colours have changed places already.</param>
/// <param name="Background">As <paramref name="Foreground"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShownPiece(string Text, Looks Looks, TextColor Foreground, TextColor Background)
{
    internal static ShownPiece Of(string text, TextStyle style, Looks further) =>
        style.IsInverse
            ? new(
                text,
                style.Looks | further,
                style.Background.IsOwn ? TextColor.OfPage : style.Background,
                style.Foreground.IsOwn ? TextColor.OfText : style.Foreground
            )
            : new(text, style.Looks | further, style.Foreground, style.Background);
}
