using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>Reads secrets that are shown to other programs. They are masked in output.</summary>
internal static class KeptSecretReader
{
    /// <param name="keys">Where the key stands.</param>
    /// <param name="key">Such as <c>token</c>.</param>
    /// <param name="fileKey">That names a file instead, such as <c>token_file</c>; null for none.</param>
    /// <param name="mistakeIn">What is wrong with a text, as the end of a sentence; null where nothing can be.</param>
    internal static GivenSecret Read(
        MapReader keys,
        string key,
        string? fileKey,
        Func<string, string?>? mistakeIn = null
    )
    {
        var context = keys.Context;
        var text = keys.Text(key);
        var path = fileKey is null ? null : keys.Path(fileKey);
        var isFile = text is null && path is not null;
        var given = new GivenSecret(isFile ? fileKey! : key, text is not null || path is not null);
        if (text is not null && fileKey is not null && keys.Has(fileKey))
        {
            context.Mistake(keys.Node(fileKey)!.Place, $"give {Quote.Of(key)} or {Quote.Of(fileKey)}, not both");
            return given;
        }

        if (text is not null && keys.Node(key) is YamlText written)
        {
            context.Secrets.Note(written, context.Service);
        }

        var shown = isFile
            ? SecretLines.OfFile(keys, fileKey!, key) is var (_, lines) && lines is [var first, ..]
                ? first
                : null
            : text;
        if (shown is null)
        {
            return given;
        }

        var place = keys.Node(given.Key)!.Place;
        if (mistakeIn?.Invoke(shown) is { } mistake)
        {
            context.Mistake(place, $"{Quote.Of(given.Key)} {mistake}");
            return given;
        }

        context.MaskedTexts.Add(shown, place);
        return given with { Secret = isFile ? KeptSecret.OfFile(path!) : KeptSecret.OfText(shown), Shown = shown };
    }
}

/// <summary>What a configuration gives for a secret.</summary>
/// <param name="Key">That gives it, or could.</param>
/// <param name="IsGiven">Whether it is there at all, with mistakes or not.</param>
internal sealed record GivenSecret(string Key, bool IsGiven)
{
    /// <summary>Null where there is none, or after a mistake.</summary>
    internal KeptSecret? Secret { get; init; }

    /// <summary>The text as it was when it was read; null where <see cref="Secret"/> is.</summary>
    internal string? Shown { get; init; }

    public override string ToString() => Key;
}
