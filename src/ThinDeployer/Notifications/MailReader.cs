using System.Net.Mail;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Notifications;

/// <summary>Reads <c>recipients</c>, <c>from</c> and <c>smtp</c> of mail.</summary>
internal static class MailReader
{
    private const string Example = "{host: smtp.example.org, user: me, password_file: mail.password}";
    private const int MaximumRecipients = 50;

    /// <summary>Null where the kind has none, or after a mistake.</summary>
    internal static MailAddresses? Read(MapReader keys, INotificationKind? kind)
    {
        var recipients = Recipients(keys);
        var from = keys.Text("from");
        var smtp = keys.Map("smtp");
        NotifyReader.Check(keys, "recipients", NotifyKeys.Mail, kind, recipients.Count > 0);
        NotifyReader.Check(keys, "from", NotifyKeys.Mail, kind, from is not null);
        NotifyReader.Check(keys, "smtp", NotifyKeys.Mail, kind, smtp is not null);
        if (from is not null && !IsAddress(from))
        {
            keys.Context.Mistake(keys.Node("from")!.Place, "\"from\" must be an address, such as deploy@example.org");
        }

        return smtp is null ? null : Server(smtp, recipients, from ?? "");
    }

    private static List<string> Recipients(MapReader keys)
    {
        var recipients = new List<string>();
        foreach (var item in keys.List("recipients"))
        {
            if (item is YamlText text && Scalars.Interpolated(text, keys.Context) is { } address && IsAddress(address))
            {
                recipients.Add(address);
            }
            else
            {
                keys.Context.Mistake(item.Place, "\"recipients\" must be a list of addresses, such as me@example.org");
            }
        }

        if (recipients.Count > MaximumRecipients)
        {
            keys.Context.Mistake(
                keys.Node("recipients")!.Place,
                $"\"recipients\" must have at most {MaximumRecipients} addresses"
            );
        }

        return recipients;
    }

    internal static MailAddresses? Server(MapReader keys, IReadOnlyList<string> recipients, string from)
    {
        var host = keys.Text("host");
        var encryption = keys.Choice("tls", "starttls", "tls", "none") switch
        {
            "tls" => MailEncryption.Tls,
            "none" => MailEncryption.None,
            _ => MailEncryption.StartTls,
        };
        var port = keys.Integer("port", DefaultPort(encryption), minimum: 1, maximum: 65_535);
        var user = keys.Text("user");
        var password = KeptSecretReader.Read(keys, "password", "password_file");
        keys.Finish();
        if (host is null)
        {
            keys.Context.Mistake(keys.Place, $"\"smtp\" needs \"host\", such as {Example}");
            return null;
        }

        if (user is null == password.IsGiven)
        {
            keys.Context.Mistake(keys.Place, "\"user\" and a password belong together");
        }
        else if (user is not null && encryption is MailEncryption.None)
        {
            keys.Context.Warn(
                keys.Place,
                "the password for mail goes over the network in the clear; leave \"tls\" out"
            );
        }

        return new MailAddresses(recipients, from, host, port, encryption, user, password.Secret);
    }

    /// <summary>RFC 6409 and RFC 8314.</summary>
    private static int DefaultPort(MailEncryption encryption) =>
        encryption switch
        {
            MailEncryption.Tls => 465,
            MailEncryption.StartTls => 587,
            _ => 25,
        };

    private static bool IsAddress(string text) =>
        MailAddress.TryCreate(text, out _) && !text.AsSpan().ContainsAny('\r', '\n');
}
