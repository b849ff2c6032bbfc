using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Http;
using ThinDeployer.Lines;

namespace ThinDeployer.Pages.Log;

/// <summary>
/// Lines as the script of the page reads them, and short, because there are many:
/// <c>{"total":812,"complete":true,"lines":[{"n":120,"s":["plain",["text",flags,foreground,background]]}]}</c>.
/// </summary>
/// <remarks>
/// <c>total</c>: lines so far. <c>complete</c>: no more will come. <c>n</c>: the number, from 1. <c>s</c>: the pieces; what is
/// left out at the end of one is 0 or null.
/// Flags, added up: 1 bold, 2 dim, 4 italic, 8 underlined, 16 struck through, 32 the address of a page, 64 a mark such as
/// <c>U+202E</c> in place of a character that is not seen.
/// Colours: 0 to 15 as terminals number them; 16 in front, that of the page behind text; 17 behind, that of text; or
/// <c>"#rrggbb"</c>; null for the page's own.
/// <c>t</c>: when it came, in milliseconds since the start of the deployment, where that is asked for and known.
/// Where <c>more</c> bytes of a line are not shown, they begin at byte <c>at</c> of it: <c>?line=N&amp;at=BYTE</c>.
/// </remarks>
internal static class LinesJson
{
    internal static async Task AnswerAsync(
        HttpContext context,
        long total,
        bool isComplete,
        IReadOnlyList<ShownLine> lines,
        IReadOnlyList<TimeSpan?> times
    )
    {
        var body = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(body, Answers.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("total", total);
            json.WriteBoolean("complete", isComplete);
            json.WriteStartArray("lines");
            for (var i = 0; i < lines.Count; i++)
            {
                Write(json, lines[i], times.ElementAtOrDefault(i));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        context.Response.ContentType = Answers.JsonType;
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, ShownLine line, TimeSpan? came)
    {
        json.WriteStartObject();
        json.WriteNumber("n", line.Number);
        json.WriteStartArray("s");
        foreach (var piece in line.Pieces)
        {
            Write(json, piece);
        }

        json.WriteEndArray();
        if (came is { } time)
        {
            json.WriteNumber("t", (long)time.TotalMilliseconds);
        }

        if (line.HiddenBytes > 0)
        {
            json.WriteNumber("at", line.Next);
            json.WriteNumber("more", line.HiddenBytes);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ShownPiece piece)
    {
        if (piece is { Looks: Looks.None, Foreground.IsOwn: true, Background.IsOwn: true })
        {
            json.WriteStringValue(piece.Text);
            return;
        }

        json.WriteStartArray();
        json.WriteStringValue(piece.Text);
        json.WriteNumberValue((int)piece.Looks);
        if (!piece.Foreground.IsOwn || !piece.Background.IsOwn)
        {
            Write(json, piece.Foreground);
        }

        if (!piece.Background.IsOwn)
        {
            Write(json, piece.Background);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, TextColor color)
    {
        if (color.IsOwn)
        {
            json.WriteNullValue();
        }
        else if (color.Number is { } number)
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(color.Hex);
        }
    }
}
