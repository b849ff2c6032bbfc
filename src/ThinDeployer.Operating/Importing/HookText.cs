using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Importing;

/// <summary>A text of a hook, of which a template may fill parts. It prints as its place: it may be a secret.</summary>
internal sealed record HookText(Place Place, IReadOnlyList<TextPart> Parts)
{
    /// <summary>Null where a template fills a part of it.</summary>
    internal string? Literal =>
        Parts.All(part => part is TextPart.Plain)
            ? string.Concat(Parts.Select(part => ((TextPart.Plain)part).Text))
            : null;

    /// <summary>The file whose content is all of it; null where it is none.</summary>
    internal string? File => Parts is [TextPart.FileContent(var path)] ? path : null;

    /// <summary>
    /// As a value of the configuration, whose references to the environment are <c>${NAME}</c>. Null where that can't be
    /// said.
    /// </summary>
    internal string? Value
    {
        get
        {
            var value = "";
            foreach (var part in Parts)
            {
                switch (part)
                {
                    case TextPart.Plain(var text):
                        value += text.Replace("${", "$${", StringComparison.Ordinal);
                        break;
                    // Behind a dollar sign it would be read as what stands for a plain one.
                    case TextPart.Variable(var name) when !value.EndsWith('$'):
                        value += $"${{{name}}}";
                        break;
                    default:
                        return null;
                }
            }

            return value;
        }
    }

    /// <summary>The text, shown as <see cref="Quote"/> does, without what a template fills.</summary>
    internal string Shown => string.Concat(Parts.Select(part => part is TextPart.Plain(var text) ? text : "{{…}}"));

    public override string ToString() => Place.ToString();
}

/// <summary>A piece of a text.</summary>
internal abstract record TextPart
{
    private TextPart() { }

    internal sealed record Plain(string Text) : TextPart
    {
        public override string ToString() => nameof(Plain);
    }

    /// <summary><c>{{ getenv "NAME" }}</c>.</summary>
    internal sealed record Variable(string Name) : TextPart;

    /// <summary><c>{{ cat "/path" }}</c>; systemd's credential is a file, too.</summary>
    internal sealed record FileContent(string Path) : TextPart;

    /// <summary>Any other code of a template.</summary>
    internal sealed record Unknown : TextPart;
}
