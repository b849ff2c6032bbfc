using System.Text;

namespace ThinDeployer.Fuzz.Serving;

/// <summary>What judges the server must read it rightly.</summary>
public sealed class ReplyTests
{
    [Fact]
    public void An_answer_that_says_no_length_ends_with_the_connection()
    {
        const string head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";

        Assert.Null(Parse(head, isEnded: false));
        Assert.Null(Parse(head + "bo", isEnded: false));
        Assert.Equal("body", Parse(head + "body", isEnded: true)!.Text);
    }

    [Fact]
    public void An_answer_with_a_length_does_not_wait_for_the_end() =>
        Assert.Equal("", Parse("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", isEnded: false)!.Text);

    private static Reply? Parse(string received, bool isEnded) =>
        Reply.Parse(Encoding.Latin1.GetBytes(received), hasBody: true, isEnded);
}
