using CsCheck;
using ThinDeployer.Notifications;
using ThinDeployer.Notifications.Kinds;

namespace ThinDeployer.Tests.Notifications.Kinds;

public sealed class EmailKindTests
{
    private static readonly EmailKind Kind = new();

    [Fact]
    public void A_failure_is_plain_text()
    {
        var mail = Assert.IsType<MailMessage>(Kind.MessageOf(Sample.News, Sample.Context(Kind)));

        Assert.Equal("shop: deployment failed after 3 s", mail.Subject);
        Assert.Equal("msg_1", mail.Id);
        Assert.Equal(
            """
            shop: deployment failed after 3 s

            By: octocat (ci)
            Ref: main
            Commit: 59b20b8 Sell hats
            Failed step: make deploy (exit code 2): it ended badly
            Summary: 3 files
            changed
            Host: web-1
            Deployment: https://deploy.example.org/d/1_2
            Commit: https://forge.example.org/shop/commit/59b20b8

            make: deploy
            make: *** [deploy] Error 2

            """,
            mail.Text
        );
    }

    [Fact]
    public void The_first_line_of_a_text_of_ones_own_is_the_subject()
    {
        var context = Sample.Context(Kind) with { Target = Sample.Target(Kind, "%service%: %status%\n%link%") };

        var mail = Assert.IsType<MailMessage>(Kind.MessageOf(Sample.News with { Output = "" }, context));

        Assert.Equal("shop: failed", mail.Subject);
        Assert.Equal("shop: failed\nhttps://deploy.example.org/d/1_2\n", mail.Text);
    }

    [Fact]
    public void A_subject_is_one_line_and_nothing_is_too_long() =>
        Sample
            .HostileFor(Kind)
            .Sample(
                sample =>
                {
                    var mail = Assert.IsType<MailMessage>(Kind.MessageOf(sample.News, sample.Context));

                    Assert.DoesNotContain(mail.Subject, char.IsControl);
                    Assert.InRange(mail.Subject.Length, 1, EmailKind.MaximumSubject + 1);
                    Assert.InRange(mail.Text.Length, 1, EmailKind.MaximumText + 1);
                    Assert.True(Sample.IsPlain(mail.Text));
                },
                iter: 300
            );
}
