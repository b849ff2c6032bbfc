using System.Net;
using System.Net.Sockets;
using ThinDeployer.Configuration;
using ThinDeployer.Health;
using ThinDeployer.Listening;
using ThinDeployer.Steps;
using ThinDeployer.Storage;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>Looks at what surrounds the server: its data folder, disks, port, and what it runs under.</summary>
internal static class MachineExamination
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    internal static IEnumerable<Finding> Run(
        ServerSettings settings,
        RunningServer? server,
        IEnumerable<ServiceConfiguration> services
    ) =>
        [
            Server(server),
            Surroundings(),
            .. Sessions(),
            Engine(),
            Data(settings.Engine.DataFolder),
            .. Log(settings.Log.File),
            .. Disks(
                [
                    settings.Engine.DataFolder,
                    .. services.Where(service => service.Plan.RunsHere).Select(service => service.Plan.Folder),
                ],
                settings.Health.MaximumDiskUsage
            ),
            .. server is { IsThis: true } ? [] : settings.Listen.Addresses.Select(Listening),
            .. Tls(settings.Listen.Tls),
        ];

    private static Finding Server(RunningServer? server)
    {
        const string what = "server";
        const string cure = "ask as that user";
        if (server is null)
        {
            return Finding.Good(
                what,
                $"none has this data folder; these findings are for the user {SystemUser.Name} and the environment here, "
                    + "a service manager gives another"
            );
        }

        var process = $"process {server.ProcessId} of the user number {server.UserId} has this data folder";
        return !server.IsSeen
                ? Finding.Doubtful(what, $"{process}, and {SystemUser.Name} may not read its environment", cure)
            : server.UserId != SystemUser.EffectiveId
                ? Finding.Doubtful(
                    what,
                    $"{process}; its environment counts here, but the rights of {SystemUser.Name}",
                    cure
                )
            : Finding.Good(what, $"{process}; its environment counts here");
    }

    private static Finding Surroundings()
    {
        var isContainer = File.Exists("/.dockerenv") || File.Exists("/run/.containerenv");
        var isUnit = Environment.GetEnvironmentVariable("INVOCATION_ID") is { Length: > 0 };
        return Finding.Good(
            "surroundings",
            isContainer ? "in a container"
                : isUnit ? "a unit of systemd"
                : "neither in a container nor a unit of systemd: what a step leaves behind is not caught by a cgroup"
        );
    }

    private static IEnumerable<Finding> Sessions() =>
        OwnSession.Program is null
            ?
            [
                Finding.Bad(
                    "steps",
                    "the program setsid was not found, and without it none starts",
                    "install util-linux"
                ),
            ]
            : [];

    private static Finding Engine()
    {
        const string what = "record";
        try
        {
            return Finding.Good(what, $"SQLite {RecordFile.LoadEngine()}");
        }
        catch (StorageException fault)
        {
            return Finding.Bad(what, fault.Message.TrimEnd('.'), "install the program anew");
        }
    }

    private static Finding Data(string folder)
    {
        const string what = "data folder";
        var nearest = Access.NearestExisting(folder);
        if (!Access.MayWriteFolder(nearest))
        {
            return Finding.Bad(
                what,
                nearest == folder ? $"{folder} can't be written" : $"{folder} can't be made in {nearest}",
                $"chown it to {SystemUser.Name}, or name another with --data"
            );
        }

        if (nearest != folder)
        {
            return Finding.Good(what, $"{folder} is not there yet; the server makes it");
        }

        return (File.GetUnixFileMode(folder) & Others) == UnixFileMode.None
            ? Finding.Good(what, $"{folder}, its owner's alone")
            : Finding.Doubtful(what, $"others may look into {folder}, where the logs are", "chmod 700 it");
    }

    private static IEnumerable<Finding> Log(string? file)
    {
        const string what = "log file";
        if (file is null)
        {
            yield break;
        }

        var folder = Access.NearestExisting(Path.GetDirectoryName(file) ?? "/");
        yield return (
            File.Exists(file) ? Access.MayWriteFile(file) : !Path.Exists(file) && Access.MayWriteFolder(folder)
        )
            ? Finding.Good(what, file)
            : Finding.Bad(
                what,
                $"{file} can't be written by {SystemUser.Name}",
                "chown it, or name another with --log-file-prefix"
            );
    }

    private static IEnumerable<Finding> Disks(IReadOnlyList<string> folders, int maximumPercent)
    {
        var complaints = DiskUsage.Complaints(folders, maximumPercent).ToList();
        return complaints.Count == 0
            ? [Finding.Good("disks", $"used to less than {maximumPercent}%")]
            : complaints.Select(complaint => Finding.Bad("disks", complaint, "make room"));
    }

    private static Finding Listening(ListenAddress address) =>
        address is ListenAddress.Unix socket ? SocketOf(socket) : Port((IPEndPoint)address.EndPoint);

    private static IEnumerable<Finding> Tls(TlsFiles? files)
    {
        const string what = "certificate";
        if (files is null)
        {
            yield break;
        }

        if (TlsIdentity.Load(files, out var mistake) is not { } identity)
        {
            yield return Finding.Bad(
                what,
                mistake,
                "name the files by --tls-certificate, --tls-key and --tls-client-ca"
            );
            yield break;
        }

        var now = TimeProvider.System.GetUtcNow();
        yield return identity.IsOutOfTime(now) ? Finding.Bad(what, identity.Trouble(now)!, "renew it")
        : identity.Trouble(now) is { } trouble ? Finding.Doubtful(what, trouble, "renew it")
        : Finding.Good(what, $"{files.Certificate}, good until {identity.LastDay}");
        if (FileStatus.IsOpenToAll(files.Key!, UnixFileMode.OtherRead))
        {
            yield return Finding.Doubtful(what, $"everybody on this machine may read {files.Key}", "chmod o= it");
        }
    }

    private static Finding SocketOf(ListenAddress.Unix socket)
    {
        const string what = "socket";
        var folder = Path.GetDirectoryName(socket.Path)!;
        return SocketFiles.At(socket.Path) switch
        {
            SocketFile.NoFolder => Finding.Bad(
                what,
                $"there is no folder {folder}",
                "make it, or name another by --listen"
            ),
            SocketFile.Other => Finding.Bad(
                what,
                $"{socket.Path} is no socket, and stays",
                "move it away, or name another by --listen"
            ),
            SocketFile.Live => Finding.Doubtful(
                what,
                $"{socket} is in use",
                "right if the server runs already, else name another by --listen"
            ),
            _ when !Access.MayWriteFolder(folder) => Finding.Bad(
                what,
                $"{SystemUser.Name} can't make one in {folder}",
                "let that user write there, or name another by --listen"
            ),
            _ => Finding.Good(what, $"{socket} is free"),
        };
    }

    private static Finding Port(IPEndPoint endpoint)
    {
        try
        {
            using var listener = new TcpListener(endpoint);
            listener.Start();
            return Finding.Good("port", $"{endpoint} is free");
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode is SocketError.AddressAlreadyInUse
                ? Finding.Doubtful(
                    "port",
                    $"{endpoint} is in use",
                    "right if the server runs already, else choose another with --port"
                )
                : Finding.Bad("port", $"{endpoint}: {exception.Message}", "choose another with --port or --listen");
        }
    }
}
