using System.Buffers;
using System.Text;

namespace ThinDeployer.Rules;

/// <summary>What every value that a request gives for a placeholder must keep to.</summary>
internal static class ArgumentRule
{
    /// <summary>UTF-8 bytes.</summary>
    internal const int MaximumBytes = 4 * 1024;

    /// <summary>Null when the value may be used, else what is wrong with it, without repeating it.</summary>
    internal static string? Complaint(string name, string value) =>
        Fault(value, allowsDash: false) is { } fault ? $"The argument \"{name}\" {fault}" : null;

    /// <summary>As <see cref="Complaint"/>, to be continued behind a name.</summary>
    /// <param name="allowsDash">Whether it may begin with "-".</param>
    internal static string? Fault(string value, bool allowsDash)
    {
        if (Encoding.UTF8.GetByteCount(value) > MaximumBytes)
        {
            return $"is longer than {MaximumBytes} bytes";
        }

        // From a query or a form neither comes this far; from a header or JSON it may.
        if (value.Contains('\0') || !IsWhole(value))
        {
            return "holds a NUL character, or half a character";
        }

        // A command would read it as an option: `git clone %url%` with `--upload-pack=…`.
        return !allowsDash && value.StartsWith('-') ? "must not begin with \"-\"" : null;
    }

    /// <summary>Whether every surrogate has its other half, so that it can be written as UTF-8.</summary>
    private static bool IsWhole(ReadOnlySpan<char> value)
    {
        while (!value.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(value, out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            value = value[length..];
        }

        return true;
    }
}
