using System.Text;
using ThinDeployer.Yaml;

namespace ThinDeployer.Notifications;

/// <summary>
/// A message that never gets longer than it may. A text is cut before it is written as markup, so that no cut goes through that.
/// </summary>
/// <param name="limit">As <paramref name="measure"/> counts.</param>
internal sealed class LimitedText(int limit, Func<string, int> measure)
{
    private readonly StringBuilder _text = new();
    private int _left = limit;

    /// <summary>Counts UTF-16 units, which are never fewer than characters.</summary>
    internal static LimitedText OfCharacters(int limit) => new(limit, text => text.Length);

    /// <summary>Counts bytes of UTF-8.</summary>
    internal static LimitedText OfBytes(int limit) => new(limit, Encoding.UTF8.GetByteCount);

    /// <summary>Adds as much of the beginning as there is room for.</summary>
    /// <param name="write">How it stands in the message.</param>
    internal LimitedText Add(string text, Func<string, string> write) => Append(text, Beginning.Marked, write);

    /// <summary>As <see cref="Add"/>, of the end.</summary>
    internal LimitedText AddEnd(string text, Func<string, string> write) => Append(text, PlainText.End, write);

    /// <summary>As much of a text as there is room for; empty where there is none.</summary>
    /// <param name="cut">To so many units.</param>
    /// <param name="fits">Of what is cut.</param>
    internal static string Longest(string text, Func<string, int, string> cut, Func<string, bool> fits)
    {
        if (fits(text))
        {
            return text;
        }

        var (low, high) = (0, text.Length - 1);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            (low, high) = fits(cut(text, middle)) ? (middle, high) : (low, middle - 1);
        }

        return low > 0 ? cut(text, low) : "";
    }

    public override string ToString() => _text.ToString();

    private LimitedText Append(string text, Func<string, int, string> cut, Func<string, string> write)
    {
        // Nothing gets shorter by being written, so that no more than this needs to be looked at.
        var within = text.Length > _left ? cut(text, _left) : text;
        var fitting = Longest(within, cut, part => measure(write(part)) <= _left);
        if (fitting.Length > 0)
        {
            var written = write(fitting);
            _left -= measure(written);
            _text.Append(written);
        }

        return this;
    }
}
