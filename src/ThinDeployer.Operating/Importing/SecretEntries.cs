using ThinDeployer.Operating.Writing;

namespace ThinDeployer.Operating.Importing;

/// <summary>Writes tokens and secrets: texts below the key itself, a file below the key with <c>_file</c>.</summary>
internal static class SecretEntries
{
    /// <param name="key">Such as <c>token</c>.</param>
    /// <param name="secrets">With at most one file.</param>
    internal static IEnumerable<WrittenEntry> Of(string key, IReadOnlyList<HookText> secrets)
    {
        var texts = secrets.Select(secret => secret.Value).OfType<string>().Distinct().ToList();
        if (texts.Count > 0)
        {
            yield return new WrittenEntry(key, texts is [var only] ? new Written.Text(only) : Written.ListOf(texts));
        }

        foreach (var file in secrets.Select(secret => secret.File).OfType<string>().Take(1))
        {
            yield return new WrittenEntry($"{key}_file", new Written.Text(file));
        }
    }
}
