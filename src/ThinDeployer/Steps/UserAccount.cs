using System.Runtime.InteropServices;

namespace ThinDeployer.Steps;

/// <summary>A user of this machine, from wherever its C library has users from (getpwnam(3)).</summary>
/// <param name="Home">Full path of the home folder; the root where the user has none.</param>
/// <param name="Shell">Full path of the login shell.</param>
internal sealed partial record UserAccount(string Name, uint UserId, uint GroupId, string Home, string Shell)
{
    /// <summary>The C library has one buffer for the answer.</summary>
    private static readonly Lock Asking = new();

    internal bool IsServerItself => UserId == SystemUser.EffectiveId;

    /// <summary>Null for a name that no user has.</summary>
    internal static UserAccount? Find(string name)
    {
        lock (Asking)
        {
            var answer = GetByName(name);
            if (answer == 0)
            {
                return null;
            }

            var entry = Marshal.PtrToStructure<PasswordEntry>(answer);
            var home = Text(entry.Home) is { Length: > 0 } folder ? folder : "/";
            return new UserAccount(name, entry.UserId, entry.GroupId, home, Text(entry.Shell));
        }
    }

    /// <summary>Gives a pipe to the user, where the system allows it.</summary>
    internal void Own(SafeHandle pipe) => _ = ChangeOwner((int)pipe.DangerousGetHandle(), UserId, GroupId);

    private static string Text(nint pointer) => Marshal.PtrToStringUTF8(pointer) ?? "";

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetByName(string name);

    [LibraryImport("libc", EntryPoint = "fchown")]
    private static partial int ChangeOwner(int handle, uint userId, uint groupId);

    /// <summary>struct passwd of Linux, the same in glibc and musl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PasswordEntry
    {
        public nint Name;
        public nint Password;
        public uint UserId;
        public uint GroupId;
        public nint Comment;
        public nint Home;
        public nint Shell;
    }
}
