using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ThinDeployer.Yaml;

/// <summary>
/// Tells a refusal that will pass from one that says something of a file: this process, or all of the machine, has as many files open as it may.
/// </summary>
internal static class OutOfDescriptors
{
    // errno(3) on Linux: ENFILE and EMFILE.
    private const int OfMachine = 23;
    private const int OfProcess = 24;

    internal static bool IsCause(int error) => error is OfMachine or OfProcess;

    /// <remarks>The framework gives an error that it has no word for as the result of its exception.</remarks>
    internal static bool IsCause(Exception exception) =>
        exception switch
        {
            Win32Exception { NativeErrorCode: var error } => IsCause(error),
            IOException { HResult: var error } => IsCause(error),
            _ => false,
        };

    /// <summary>As the framework would say it.</summary>
    internal static IOException Because(int error) => new(Marshal.GetPInvokeErrorMessage(error), error);
}
