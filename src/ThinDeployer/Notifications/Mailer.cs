using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using ThinDeployer.Outbox;

namespace ThinDeployer.Notifications;

/// <summary>Sends mail by SMTP (RFC 5321). Certificates are checked.</summary>
internal static class Mailer
{
    /// <summary>For a whole mail.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal static async Task<Receipt> SendAsync(
        MailAddresses addresses,
        MailMessage message,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        string? password = null;
        if (addresses.Password is { } kept)
        {
            password = kept.Read(out var why);
            if (password is null)
            {
                return new Receipt.Later($"\"password_file\": {why}");
            }
        }

        using var limit = new CancellationTokenSource(Limit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

        // Mail within a house has certificates that nobody revokes by a list, and a list that is away must hold no mail up.
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        try
        {
            await client.ConnectAsync(addresses.Host, addresses.Port, OptionsOf(addresses.Encryption), end.Token);
            if (addresses.User is { } user)
            {
                await client.AuthenticateAsync(user, password ?? "", end.Token);
            }

            using var mail = MailOf(addresses, message, time);
            await client.SendAsync(mail, end.Token);
        }
        catch (SmtpCommandException exception)
        {
            var said = $"it answered {(int)exception.StatusCode}";
            return IsForNow(exception) ? new Receipt.Later(said) : new Receipt.Refused(said);
        }
        catch (AuthenticationException exception)
        {
            return IsForNow(exception)
                ? new Receipt.Later("it can't look at logins now")
                : new Receipt.Refused("it refuses the login");
        }
        catch (SslHandshakeException)
        {
            return new Receipt.Later("its certificate is not trusted, or it speaks no TLS there");
        }
        catch (NotSupportedException)
        {
            return new Receipt.Refused("it does not offer what is asked for, such as STARTTLS or a login");
        }
        catch (Exception exception)
            when (exception is SocketException or IOException or SmtpProtocolException or ServiceNotConnectedException)
        {
            return new Receipt.Later("it can't be reached");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Receipt.Later("it did not answer in time");
        }

        // It has the mail: that it does not say goodbye changes nothing.
        await QuitAsync(client, end.Token);
        return new Receipt.Taken();
    }

    /// <summary>RFC 5321, section 4.2.1: 4yz may be tried again, 5yz may not.</summary>
    private static bool IsForNow(SmtpCommandException exception) => (int)exception.StatusCode is >= 400 and < 500;

    /// <summary>RFC 4954, section 6: 454 says so.</summary>
    private static bool IsForNow(AuthenticationException exception) =>
        exception.InnerException is SmtpCommandException said && IsForNow(said);

    private static async Task QuitAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
#pragma warning disable CA1031 // See the caller.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Nobody needs to know.
        }
    }

    private static SecureSocketOptions OptionsOf(MailEncryption encryption) =>
        encryption switch
        {
            MailEncryption.StartTls => SecureSocketOptions.StartTls,
            MailEncryption.Tls => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.None,
        };

    private static MimeMessage MailOf(MailAddresses addresses, MailMessage message, TimeProvider time)
    {
        var mail = new MimeMessage
        {
            Subject = message.Subject,
            Date = time.GetUtcNow(),
            MessageId = $"{message.Id}@{Environment.MachineName}",
            Body = new TextPart("plain") { Text = message.Text },
        };
        mail.From.Add(MailboxAddress.Parse(addresses.From));
        mail.To.AddRange(addresses.Recipients.Select(MailboxAddress.Parse));

        // RFC 3834, section 5: no holiday answers to a program.
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return mail;
    }
}
