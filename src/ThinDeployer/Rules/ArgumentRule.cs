using System.Text;

namespace ThinDeployer.Rules;

/// <summary>What every value that a request gives for a placeholder must keep to.</summary>
internal static class ArgumentRule
{
    /// <summary>UTF-8 bytes.</summary>
    internal const int MaximumBytes = 4 * 1024;

    /// <summary>Null when the value may be used, else what is wrong with it, without repeating it.</summary>
    internal static string? Complaint(string name, string value)
    {
        if (Encoding.UTF8.GetByteCount(value) > MaximumBytes)
        {
            return $"The argument \"{name}\" is longer than {MaximumBytes} bytes";
        }

        // A command would read it as an option: `git clone %url%` with `--upload-pack=…`.
        return value.StartsWith('-') ? $"The argument \"{name}\" must not begin with \"-\"" : null;
    }
}
