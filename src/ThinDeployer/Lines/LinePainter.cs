using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace ThinDeployer.Lines;

/// <summary>Makes the pieces of a line from its bytes.</summary>
internal sealed class LinePainter
{
    private readonly ArrayBufferWriter<char> _text = new();
    private readonly List<Run> _runs = [];

    /// <summary>Characters that the next text takes the place of.</summary>
    private int _back;

    /// <summary>The text that is seen, without what it looks like; valid until the next call.</summary>
    internal ReadOnlySpan<char> Text => _text.WrittenSpan;

    /// <summary>Begins anew, and takes all that the bytes have.</summary>
    /// <param name="tokens">Of the bytes.</param>
    internal void Paint(ref LineTokens tokens)
    {
        Clear();
        while (true)
        {
            var token = tokens.Next(out var text, out var unseen);
            switch (token)
            {
                case LineToken.Text:
                    TakeBack();
                    Begin(tokens.Style, Looks.None);
                    Encoding.UTF8.GetChars(text, _text);
                    break;
                case LineToken.Unseen:
                    TakeBack();
                    Begin(tokens.Style, Looks.Mark);
                    _text.Write(UnseenCharacter.NameOf(unseen));
                    break;
                case LineToken.Back:
                    _back++;
                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>What was painted.</summary>
    /// <param name="isWhole">Whether the last text goes on: then its address is not known yet.</param>
    internal List<ShownPiece> Pieces(bool isWhole)
    {
        var pieces = new List<ShownPiece>(_runs.Count);
        for (var i = 0; i < _runs.Count; i++)
        {
            var isLast = i == _runs.Count - 1;
            var text = Text[_runs[i].Start..(isLast ? _text.WrittenCount : _runs[i + 1].Start)];
            Add(pieces, text, _runs[i], mayGoOn: isLast && !isWhole);
        }

        return pieces;
    }

    private static void Add(List<ShownPiece> pieces, ReadOnlySpan<char> text, Run run, bool mayGoOn)
    {
        var position = 0;
        while (!run.IsMark && WebAddress.Find(text, position) is var (start, end) && !(mayGoOn && end == text.Length))
        {
            AddPart(text[position..start], Looks.None);
            AddPart(text[start..end], Looks.Link);
            position = end;
        }

        AddPart(text[position..], run.Looks);

        void AddPart(ReadOnlySpan<char> part, Looks further)
        {
            if (part.Length > 0)
            {
                pieces.Add(ShownPiece.Of(part.ToString(), run.Style, further));
            }
        }
    }

    private void Clear()
    {
        _text.ResetWrittenCount();
        _runs.Clear();
        _back = 0;
    }

    private void Begin(TextStyle style, Looks looks)
    {
        if (_runs is not [.., var last] || last.Style != style || last.Looks != looks)
        {
            _runs.Add(new Run(_text.WrittenCount, style, looks));
        }
    }

    private void TakeBack()
    {
        if (_back == 0)
        {
            return;
        }

        var end = _text.WrittenCount;
        while (_back > 0 && end > 0)
        {
            _back--;
            var run = _runs[^1];
            end = run.IsMark ? run.Start : end - (char.IsLowSurrogate(Text[end - 1]) ? 2 : 1);
            if (end <= run.Start)
            {
                end = run.Start;
                _runs.RemoveAt(_runs.Count - 1);
            }
        }

        var kept = Text[..end].ToArray();
        _text.ResetWrittenCount();
        _text.Write(kept);
        _back = 0;
    }

    /// <param name="Start">In the text.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Run(int Start, TextStyle Style, Looks Looks)
    {
        internal bool IsMark => Looks is Looks.Mark;
    }
}
