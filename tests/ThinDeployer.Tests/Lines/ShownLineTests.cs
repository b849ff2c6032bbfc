using System.Text;
using ThinDeployer.Lines;

namespace ThinDeployer.Tests.Lines;

public sealed class ShownLineTests
{
    [Theory]
    [InlineData("\e[1mbold\e[0m", "<bold|bold>")]
    [InlineData("\e[31;1mred\e[22m dull\e[m own", "<bold 1|red><1| dull> own")]
    [InlineData("\e[2;3;4;9mall", "<dim+italic+underline+struck|all>")]
    [InlineData("\e[4:3mcurly\e[4:0mnot", "<underline|curly>not")]
    [InlineData("\e[97;100mbright", "<15 on 8|bright>")]
    [InlineData("\e[38;5;9mlow\e[38;5;208mcube\e[38;5;244mgrey", "<9|low><#ff8700|cube><#808080|grey>")]
    [InlineData("\e[38;2;1;2;3;48;2;255;254;253mtrue", "<#010203 on #fffefd|true>")]
    [InlineData("\e[38:2:1:2:3mparts\e[38:2::4:5:6mspace\e[38:5:1mnumber", "<#010203|parts><#040506|space><1|number>")]
    [InlineData("\e[38;2;256;0;0;1mno color", "<bold|no color>")]
    [InlineData("\e[38;5;1;4mbehind a color", "<underline 1|behind a color>")]
    [InlineData("\e[58;5;1;3mcolor of a line", "<italic|color of a line>")]
    [InlineData("\e[7minverse\e[27mnot", "<16 on 17|inverse>not")]
    [InlineData("\e[31;42;7minverse", "<2 on 1|inverse>")]
    [InlineData("\e[31;7minverse", "<16 on 1|inverse>")]
    [InlineData("\e[31mred\e[39mown\e[41mon\e[49moff", "<1|red>own<on 1|on>off")]
    [InlineData("\e[31mred\ecreset", "<1|red>reset")]
    [InlineData("\e[;1mempty is 0", "<bold|empty is 0>")]
    [InlineData("\e[99999999999mno number\e[38mno color\e[38;5mnone", "no numberno colornone")]
    public void Sgr_tells_what_text_looks_like(string line, string drawn)
    {
        Assert.Equal(drawn, Sight.Drawn(line));
    }

    [Theory]
    [InlineData("a\e[2Kb")]
    [InlineData("a\e[?25lb")]
    [InlineData("a\e[>4;1mb")]
    [InlineData("a\e[1 mb")]
    [InlineData("a\e]0;title\ab")]
    [InlineData("a\e]8;;https://other.example\e\\b\e]8;;\e\\")]
    [InlineData("a\ePq#0;2;0;0;0\e\\b")]
    [InlineData("a\e_data\a more\e\\b")]
    [InlineData("a\e(Bb")]
    [InlineData("a\e#8b")]
    [InlineData("a\e=b")]
    [InlineData("a\e\e[1\e[0mb")]
    [InlineData("a\e]0;cut\u0018b")]
    [InlineData("a\e]0;title\e[0mb")]
    [InlineData("a\u000e\u000fb")]
    [InlineData("ab\e")]
    [InlineData("ab\e[38;5")]
    [InlineData("ab\e]0;never ends")]
    public void Other_sequences_are_not_shown(string line)
    {
        Assert.Equal("ab", Sight.Drawn(line));
    }

    [Fact]
    public void A_sequence_hides_nothing_of_the_next_line()
    {
        Assert.Equal(["a", "b"], Sight.Texts(Sight.Of("a\e]0;never ends\nb")));
    }

    [Fact]
    public void A_long_sequence_has_no_effect()
    {
        Assert.Equal("text", Sight.Drawn($"\e[{string.Concat(Enumerable.Repeat("1;", 100))}1mtext"));
    }

    [Fact]
    public void Colors_go_on_over_lines()
    {
        var lines = Sight.Read(Sight.Of("a\e[31mb\n\nc\r\e[1md\ne"));

        Assert.Equal(["a<1|b>", "", "<bold 1|d>", "<bold 1|e>"], lines.Select(Sight.Drawn));
    }

    [Theory]
    [InlineData("10 %\r20 %\r100 %", "100 %")]
    [InlineData("10 %\r20 %\r", "20 %")]
    [InlineData("dos\r\n", "dos")]
    [InlineData("dos\r\r\n", "dos")]
    [InlineData("gone\r\e[K", "")]
    [InlineData("\r", "")]
    [InlineData("\e[31m10 %\r20 %", "<1|20 %>")]
    public void Of_a_line_that_is_written_over_the_last_state_is_shown(string line, string drawn)
    {
        Assert.Equal(drawn, Sight.Drawn(line));
    }

    [Theory]
    [InlineData("|\b/\b-\b", "-")]
    [InlineData("ab\b\bc", "c")]
    [InlineData("\b\ba", "a")]
    [InlineData("a\e[1mb\e[0m\b\bc", "c")]
    [InlineData("a😀\bb", "ab")]
    [InlineData("a\u0001\bb", "ab")]
    public void A_step_back_is_written_over(string line, string drawn)
    {
        Assert.Equal(drawn, Sight.Drawn(line));
    }

    [Theory]
    [InlineData("a\0b", "a<mark|U+0000>b")]
    [InlineData("a\a\u007fb", "a<mark|U+0007U+007F>b")]
    [InlineData("a\u009b31mb", "a<mark|U+009B>31mb")]
    [InlineData("a\u202eb\u2066\u200e\u061c", "a<mark|U+202E>b<mark|U+2066U+200EU+061C>")]
    [InlineData("pass\u200bword \ufeff\u00ad\U000e0041", "pass<mark|U+200B>word <mark|U+FEFFU+00ADU+E0041>")]
    [InlineData("\e[31ma\u2028b", "<1|a><mark 1|U+2028><1|b>")]
    [InlineData("a\u200db", "a<mark|U+200D>b")]
    public void What_can_not_be_seen_is_marked(string line, string drawn)
    {
        Assert.Equal(drawn, Sight.Drawn(line));
    }

    [Theory]
    [InlineData("tab\tstays")]
    [InlineData("👩‍👩‍👧 می‌خواهم ❤️ ✓ … naïve 日本語 한국어")]
    public void Text_stays_as_it_is(string line)
    {
        Assert.Equal(line, Sight.Drawn(line));
    }

    [Fact]
    public void What_is_no_utf8_is_replaced()
    {
        var output = Sight.Of([(byte)'a', 0xFF, 0xE2, 0x82, (byte)'b', 0xF0, 0x9F]);

        Assert.Equal("a\uFFFD\uFFFDb\uFFFD", Assert.Single(Sight.Texts(output)));
    }

    [Fact]
    public void A_long_line_is_shown_in_parts_and_nothing_is_hidden_silently()
    {
        var text = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"\e[3{i % 8}m{i}é"));
        var output = Sight.Of($"before\n{text}\nbehind\e[0m");
        var whole = new StringBuilder();

        var line = new LineReader(output).Read(2, 1)[0];
        var parts = 0;
        for (; line.HiddenBytes > 0; line = new LineReader(output).ReadRest(2, line.Next))
        {
            Assert.Equal(Encoding.UTF8.GetByteCount(text), line.Next + line.HiddenBytes);
            Add(line);
            parts++;
        }

        Add(line);
        var colored = Enumerable.Range(0, 30_000).SelectMany(i => $"{i}é".SelectMany(one => $"{one}{i % 8}"));
        Assert.Equal(string.Concat(colored), whole.ToString());
        Assert.InRange(parts, 2, 10);
        Assert.Equal("<7|behind>", Sight.Drawn(new LineReader(output).Read(3, 1)[0]));

        void Add(ShownLine part) =>
            whole.AppendJoin(
                "",
                part.Pieces.SelectMany(piece => piece.Text.SelectMany(one => $"{one}{piece.Foreground.Number}"))
            );
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(long.MaxValue)]
    public void The_rest_of_a_line_may_be_asked_for_from_anywhere(long from)
    {
        var rest = new LineReader(Sight.Of("a\n123456\nb")).ReadRest(2, from);

        Assert.Equal("123456"[(int)Math.Clamp(from, 0, 6)..], Sight.Text(rest));
        Assert.Equal((6, 0), (rest.Next, rest.HiddenBytes));
    }

    [Fact]
    public void The_last_state_of_a_long_progress_bar_is_found_from_its_end()
    {
        var bar = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"\r\e[32m{i} of many\e[0m"));
        var output = Sight.Of($"first\n{bar}\r\r\nlast");

        Assert.Equal(["first", "199999 of many", "last"], Sight.Texts(output));
        Assert.Equal("<2|199999 of many>", Sight.Drawn(new LineReader(output).Read(2, 1)[0]));
    }

    [Fact]
    public void An_answer_is_bounded()
    {
        var output = Sight.Of(string.Concat(Enumerable.Repeat(new string('x', 8_000) + "\n", 100)));
        var small = Sight.Of(new string('\n', 5_000));

        Assert.InRange(new LineReader(output).Read(1, 100).Count, 20, 35);
        Assert.Equal(LineReader.MostLines, new LineReader(small).Read(1, int.MaxValue).Count);
        Assert.Empty(new LineReader(small).Read(5_001, 10));
    }
}
