using System.CommandLine;
using System.Text;
using ThinDeployer.Configuration;
using ThinDeployer.Operating.Diagnosis;

namespace ThinDeployer.Server.Operating;

/// <summary>The commands that try a request without a sender, and without running anything.</summary>
internal static class RequestCommands
{
    private static readonly Argument<string> Service = new("SERVICE") { Description = "the service" };
    private static readonly Option<string> Request = TextOption.New(
        "--request",
        "a delivery, as GET /services/NAME/deliveries gives it; - is standard input",
        "FILE"
    );
    private static readonly Option<string> Body = TextOption.New("--body", "the body; - is standard input", "FILE");
    private static readonly Option<string[]> Header = new("--header")
    {
        Description = "a header, as 'NAME: VALUE'; may be given again",
        HelpName = "HEADER",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private static readonly Option<string> Query = TextOption.New("--query", "arguments, as a=b&c=d", "QUERY");
    private static readonly Option<string> Method = TextOption.New("--method", "GET or POST [default: POST]", "METHOD");
    private static readonly Option<string> Address = TextOption.New("--address", "the client's", "IP");
    private static readonly Option<bool> Json = new("--json") { Description = "print JSON" };

    private static readonly Option<string> Sender = TextOption.New(
        "--sender",
        "as a configuration names it, such as github",
        "NAME"
    );
    private static readonly Option<string> SecretFile = TextOption.New("--secret-file", "its first line signs", "FILE");
    private static readonly Option<string> Id = TextOption.New(
        "--id",
        "of the delivery, where the sender signs it",
        "ID"
    );

    /// <summary>Of the sender hmac, each a key of <c>signature</c>.</summary>
    private static readonly Option<string>[] FormOptions =
    [
        TextOption.New("--header", "for hmac: the header that holds the signature", "NAME"),
        TextOption.New("--algorithm", "for hmac: sha256, sha1 or sha512", "NAME"),
        TextOption.New("--encoding", "for hmac: hex or base64", "NAME"),
        TextOption.New("--prefix", "for hmac: what stands before the code", "TEXT"),
    ];

    internal static IReadOnlyList<Command> All()
    {
        var configuration = ServerOptions.Of(Switches.Configuration);
        var rehearse = new Command(
            "try",
            "Say what a request would do, check by check, and run nothing: exit code 0 when it would deploy, 1 when not."
        );
        rehearse.Arguments.Add(Service);
        foreach (var option in (Option[])[Request, Body, Header, Query, Method, Address, configuration, Json])
        {
            rehearse.Options.Add(option);
        }

        rehearse.SetAction(parsed => Try(ServerOptions.Read(parsed), parsed));
        var sign = new Command("sign", "Print the header lines with which a sender would sign standard input.");
        foreach (var option in (Option[])[Sender, SecretFile, Id, .. FormOptions])
        {
            sign.Options.Add(option);
        }

        sign.SetAction(Sign);
        return [rehearse, sign];
    }

    private static int Try(ServerSettings settings, ParseResult parsed)
    {
        if (settings.Mistakes.Count > 0)
        {
            return Refusal.Say(string.Join("; ", settings.Mistakes));
        }

        if (Validation.Of(settings) is { IsGood: false } validation)
        {
            Console.Error.WriteLine(validation.ToText());
            return ExitCode.Configuration;
        }

        if (RequestOf(parsed, out var refusal) is not { } request)
        {
            return Refusal.Say(refusal);
        }

        var service = parsed.GetValue(Service)!;
        if (Rehearsal.Of(settings, service, request, TimeProvider.System, out var reason) is not { } rehearsal)
        {
            return Refusal.Say(reason);
        }

        Console.Out.WriteLine(parsed.GetValue(Json) ? rehearsal.ToJson() : rehearsal.ToText());
        return rehearsal.WouldDeploy ? ExitCode.Good : ExitCode.Failed;
    }

    private static RehearsedRequest? RequestOf(ParseResult parsed, out string refusal)
    {
        refusal = "";
        try
        {
            var kept = parsed.GetValue(Request) is { } file
                ? RehearsedRequest.OfDelivery(file, Encoding.UTF8.GetString(Read(file)))
                : new RehearsedRequest("POST", "", [], ReadOnlyMemory<byte>.Empty, Address: null);
            return kept with
            {
                Method = parsed.GetValue(Method)?.ToUpperInvariant() ?? kept.Method,
                Query = parsed.GetValue(Query)?.TrimStart('?') ?? kept.Query,
                Headers = [.. kept.Headers, .. (parsed.GetValue(Header) ?? []).Select(HeaderOf)],
                Body = parsed.GetValue(Body) is { } body ? Read(body) : kept.Body,
                Address = parsed.GetValue(Address) ?? kept.Address,
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            refusal = exception.Message;
            return null;
        }
    }

    private static KeyValuePair<string, string> HeaderOf(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            ? KeyValuePair.Create(text[..colon].Trim(), text[(colon + 1)..].Trim())
            : throw new FormatException($"--header must be \"NAME: VALUE\", not \"{text}\"");

    private static int Sign(ParseResult parsed)
    {
        if (parsed.GetValue(Sender) is not { } sender || parsed.GetValue(SecretFile) is not { } file)
        {
            return Refusal.Say("--sender and --secret-file are needed, and the body on standard input");
        }

        var keys = FormOptions
            .Where(option => parsed.GetValue(option) is not null)
            .Select(option => KeyValuePair.Create(option.Name[2..], parsed.GetValue(option)!))
            .Append(KeyValuePair.Create("sender", sender))
            .Append(KeyValuePair.Create("secret_file", Path.GetFullPath(file)));
        var id = parsed.GetValue(Id) ?? $"msg_{Guid.NewGuid():N}";
        var lines = SignedRequest.Of(keys, Read("-"), id, TimeProvider.System, out var complaints);
        if (complaints.Count > 0)
        {
            return Refusal.Say(string.Join("; ", complaints));
        }

        foreach (var line in lines)
        {
            Console.Out.WriteLine(line);
        }

        return ExitCode.Good;
    }

    private static byte[] Read(string path)
    {
        if (path != "-")
        {
            return File.ReadAllBytes(path);
        }

        using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return bytes.ToArray();
    }
}
