using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace ThinDeployer.Server;

/// <summary>
/// The SQLite of its package, which the native binary carries (docs/decisions/0007): one file is all that there is to copy.
/// Every other build has it beside the program, and does without this.
/// </summary>
internal static partial class CarriedSqlite
{
    /// <summary>Of the resource, and of the library that the provider asks for.</summary>
    private const string Name = "e_sqlite3";

    /// <summary>MFD_CLOEXEC, memfd_create(2): no command inherits it.</summary>
    private const uint ClosedByExec = 0x1;

    /// <summary>
    /// MFD_NOEXEC_SEAL: nobody executes it as a program, which some machines ask for (sysctl vm.memfd_noexec). Unknown to
    /// Linux before 6.3.
    /// </summary>
    private const uint NoProgram = 0x8;

    internal static void Use()
    {
        if (typeof(CarriedSqlite).Assembly.GetManifestResourceInfo(Name) is not null)
        {
            NativeLibrary.SetDllImportResolver(
                typeof(SQLite3Provider_e_sqlite3).Assembly,
                (name, _, _) => name == Name ? Load() : IntPtr.Zero
            );
        }
    }

    /// <summary>From memory: there may be no folder that both can be written and holds programs.</summary>
    /// <exception cref="DllNotFoundException">The machine does not let it.</exception>
    private static IntPtr Load()
    {
        using var carried = typeof(CarriedSqlite).Assembly.GetManifestResourceStream(Name)!;
        var descriptor = Create(Name, ClosedByExec | NoProgram);
        using var handle = new SafeFileHandle(
            descriptor >= 0 ? descriptor : Create(Name, ClosedByExec),
            ownsHandle: true
        );
        if (handle.IsInvalid)
        {
            throw new DllNotFoundException($"{new Win32Exception().Message} (memfd_create)");
        }

        using var memory = new FileStream(handle, FileAccess.Write, bufferSize: 0);
        carried.CopyTo(memory);
        return NativeLibrary.Load($"/proc/self/fd/{handle.DangerousGetHandle()}");
    }

    [LibraryImport(
        "libc",
        EntryPoint = "memfd_create",
        SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8
    )]
    private static partial int Create(string name, uint flags);
}
