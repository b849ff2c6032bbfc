using System.Globalization;
using System.Runtime.InteropServices;

namespace ThinDeployer.Server.Systemd;

/// <summary>Sockets that systemd has opened for this process and hands over (sd_listen_fds(3)).</summary>
internal static partial class PassedSockets
{
    private const string CountVariable = "LISTEN_FDS";
    private const string OwnerVariable = "LISTEN_PID";

    /// <summary>The first of them, SD_LISTEN_FDS_START.</summary>
    private const int First = 3;

    /// <summary>More than one names in a unit.</summary>
    private const int Most = 1_000;

    // Values of Linux, the same on x64 and arm64.
    private const int SetFlags = 2;
    private const int CloseOnExec = 1;
    private const int SocketLevel = 1;
    private const int SocketType = 3;
    private const int AcceptsConnections = 30;
    private const int SocketDomain = 39;
    private const int Stream = 1;
    private const int UnixDomain = 1;

    /// <summary>Their numbers; none where nobody handed any over. No step gets them, nor the variables that tell of them.</summary>
    /// <exception cref="CantListenException">One is no socket that listens for connections.</exception>
    internal static IReadOnlyList<PassedSocket> Take()
    {
        var count = CountFor(Environment.ProcessId);
        foreach (var variable in (string[])[CountVariable, OwnerVariable, "LISTEN_FDNAMES", "LISTEN_PIDFDID"])
        {
            Environment.SetEnvironmentVariable(variable, value: null);
        }

        return [.. Enumerable.Range(First, count).Select(Take)];
    }

    private static int CountFor(int processId) =>
        NumberIn(OwnerVariable) == processId && NumberIn(CountVariable) is { } count ? Math.Min(count, Most) : 0;

    private static int? NumberIn(string variable) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(variable),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;

    private static PassedSocket Take(int descriptor)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"descriptor {descriptor} that systemd handed over");
        if (SetDescriptorFlags(descriptor, SetFlags, CloseOnExec) != 0)
        {
            throw new CantListenException(name, "it is not open");
        }

        return OptionOf(descriptor, SocketType) == Stream && OptionOf(descriptor, AcceptsConnections) == 1
            ? new PassedSocket(descriptor, OptionOf(descriptor, SocketDomain) == UnixDomain)
            : throw new CantListenException(
                name,
                "it does not listen for connections; the unit needs ListenStream= and Accept=no"
            );
    }

    /// <summary>Null for what is no socket.</summary>
    private static int? OptionOf(int descriptor, int option)
    {
        var length = sizeof(int);
        return GetOption(descriptor, SocketLevel, option, out var value, ref length) == 0 ? value : null;
    }

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    private static partial int GetOption(int descriptor, int level, int option, out int value, ref int length);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int SetDescriptorFlags(int descriptor, int command, int flags);
}

/// <summary>A socket that listens already.</summary>
/// <param name="Descriptor">Its number in this process.</param>
/// <param name="IsSocketFile">Whether it is in the file system, and no port.</param>
internal sealed record PassedSocket(int Descriptor, bool IsSocketFile);
