namespace ThinDeployer.Yaml;

/// <summary>A mask of file modes in octal, as umask(1) takes it: the rights that new files lack.</summary>
internal static class FileMask
{
    private const int Octal = 8;
    private const int MaximumDigits = 4;
    private const int AllRights = 0b111_111_111;

    /// <summary>Null for what is none.</summary>
    internal static UnixFileMode? Parse(string text) =>
        text.Length is > 0 and <= MaximumDigits
        && text.All(digit => digit is >= '0' and < '8')
        && Convert.ToInt32(text, Octal) is <= AllRights and var bits
            ? (UnixFileMode)bits
            : null;

    /// <summary>Three digits.</summary>
    internal static string Written(UnixFileMode mask) => Convert.ToString((int)mask, Octal).PadLeft(3, '0');
}
