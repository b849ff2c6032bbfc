using System.Text;

namespace ThinDeployer.Fuzz.Requests;

/// <summary>What goes over the wire.</summary>
/// <param name="Bytes">To the byte.</param>
/// <param name="IsWhole">Whether the server has all it needs for an answer.</param>
/// <param name="IsCut">Whether the client leaves at once.</param>
internal sealed record RawCase(byte[] Bytes, bool IsWhole, bool IsCut = false)
{
    /// <summary>Bytes that are shown; the seed gives all of them.</summary>
    private const int MostShown = 4_000;

    /// <summary>For a person, and to send it again by hand.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(IsWhole ? "whole: " : "in parts: ");
        foreach (var value in Bytes.Take(MostShown))
        {
            text.Append(value is >= 0x20 and < 0x7F and not (byte)'\\' ? ((char)value).ToString() : $"\\x{value:x2}");
        }

        return text.Append(Bytes.Length > MostShown ? "…" : "").ToString();
    }
}
