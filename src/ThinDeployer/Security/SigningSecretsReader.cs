using System.Text;
using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>Reads the <c>secret</c> (a text or a list) or the <c>secret_file</c> of a signature.</summary>
internal static class SigningSecretsReader
{
    private const string WrongShape = "\"secret\" must be a text, or a list of texts";

    /// <summary>Empty after a mistake.</summary>
    internal static List<PlacedSecret> Read(MapReader keys)
    {
        var secrets = new List<PlacedSecret>();
        var node = keys.Node("secret");
        switch (node)
        {
            case null:
                break;
            case YamlText text:
                Add(secrets, text, keys.Context);
                break;
            case YamlList { Items.Count: > 0 } list:
                foreach (var item in list.Items)
                {
                    AddItem(secrets, item, keys.Context);
                }

                break;
            default:
                keys.Context.Mistake(node.Place, WrongShape);
                break;
        }

        if (keys.Has("secret_file"))
        {
            AddFile(secrets, keys);
        }
        else if (node is null)
        {
            keys.Context.Mistake(
                keys.Place,
                "a signature without a secret proves nothing; give \"secret\" or \"secret_file\""
            );
        }

        foreach (var secret in secrets)
        {
            SecretLines.Note(
                secret.Text,
                "a signing secret",
                "give the sender a longer one, and write it here",
                secret.Place,
                keys.Context
            );
        }

        return secrets;
    }

    private static void AddItem(List<PlacedSecret> secrets, YamlNode item, ReadingContext context)
    {
        if (item is YamlText text)
        {
            Add(secrets, text, context);
        }
        else
        {
            context.Mistake(item.Place, WrongShape);
        }
    }

    private static void Add(List<PlacedSecret> secrets, YamlText text, ReadingContext context)
    {
        if (Scalars.Interpolated(text, context) is not { } filled)
        {
            return;
        }

        var value = SecretLines.WithoutLineEnd(filled);
        if (value.Length == 0)
        {
            context.Mistake(text.Place, "a signing secret is empty; anybody could sign with it");
            return;
        }

        context.Secrets.Note(text, context.Service);
        secrets.Add(new PlacedSecret(value, text.Place));
    }

    private static void AddFile(List<PlacedSecret> secrets, MapReader keys)
    {
        var place = keys.Node("secret_file")!.Place;
        if (SecretLines.OfFile(keys, "secret_file", "secret") is not var (path, lines))
        {
            return;
        }

        secrets.AddRange(lines.Select(line => new PlacedSecret(line, place)));
        if (lines.Count > 0)
        {
            keys.Context.Secrets.Note(path, place, keys.Context.Service);
        }
    }
}

/// <summary>A secret, and where it stands or is named. It prints as <c>***</c>.</summary>
internal sealed record PlacedSecret(string Text, Place Place)
{
    internal byte[] Bytes => Encoding.UTF8.GetBytes(Text);

    public override string ToString() => "***";
}
