using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ThinDeployer.Configuration;
using ThinDeployer.Operating.Backups;

namespace ThinDeployer.Server.Operating;

/// <summary><c>backup FILE</c> and <c>restore FILE</c>: the data folder of a server, in one file.</summary>
internal static class BackupCommands
{
    private static readonly Option<bool> Replace = new("--force") { Description = "replace the file, if there is one" };

    private static readonly Option<bool> MoveAside = new("--force")
    {
        Description = "move a record that is there aside",
    };

    internal static IReadOnlyList<Command> All()
    {
        var backup = Operand.New("FILE", "the archive to make; - is standard output");
        var restore = Operand.New("FILE", "an archive of backup; - is standard input");
        return
        [
            New(
                "backup",
                "Save the history and its output in one file, also while the server runs: exit code 0, or 1.",
                backup,
                Replace,
                (parsed, stop) => Task.FromResult(Save(parsed, parsed.GetValue(backup)!, stop))
            ),
            New(
                "restore",
                "Make the history of a backup that of a server which does not run: exit code 0, or 1.",
                restore,
                MoveAside,
                (parsed, stop) => LoadAsync(parsed, parsed.GetValue(restore)!, stop)
            ),
        ];
    }

    private static int Save(ParseResult parsed, string path, CancellationToken stop)
    {
        if (path == DataBackup.Stream && !Console.IsOutputRedirected)
        {
            return Refusal.Say("standard output is a terminal: name a file");
        }

        using var output = path == DataBackup.Stream ? StandardOutput() : Stream.Null;
        var lines = DataBackup.Save(ServerOptions.Read(parsed), path, parsed.GetValue(Replace), output, stop);
        Tell(path == DataBackup.Stream ? Console.Error : Console.Out, lines);
        return ExitCode.Good;
    }

    /// <summary>That of the framework takes a reader who is gone for one who has all.</summary>
    /// <exception cref="BackupException">It is closed.</exception>
    private static FileStream StandardOutput()
    {
        const int standardOutput = 1;
        try
        {
            return new FileStream(
                new SafeFileHandle(standardOutput, ownsHandle: false),
                FileAccess.Write,
                bufferSize: 0
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BackupException("Standard output is closed.", exception);
        }
    }

    private static async Task<int> LoadAsync(ParseResult parsed, string path, CancellationToken stop)
    {
        await using var input = Console.OpenStandardInput();
        var settings = ServerOptions.Read(parsed);
        Tell(Console.Out, await DataBackup.LoadAsync(settings, path, parsed.GetValue(MoveAside), input, stop));
        return ExitCode.Good;
    }

    private static void Tell(TextWriter to, IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            to.WriteLine(line);
        }
    }

    private static Command New(
        string name,
        string description,
        Argument<string> file,
        Option<bool> force,
        Func<ParseResult, CancellationToken, Task<int>> run
    )
    {
        var command = new Command(name, description);
        command.Arguments.Add(file);
        command.Options.Add(ServerOptions.Of(Switches.Configuration));
        command.Options.Add(ServerOptions.Of(Switches.Data));
        command.Options.Add(force);
        command.SetAction((parsed, _) => RunAsync(parsed, run));
        return command;
    }

    /// <summary>What was begun is removed also where somebody has had enough of it.</summary>
    private static async Task<int> RunAsync(ParseResult parsed, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        if (ServerOptions.Read(parsed).Mistakes is { Count: > 0 } mistakes)
        {
            return Refusal.Say(string.Join("; ", mistakes));
        }

        try
        {
            return await run(parsed, stop.Token);
        }
        catch (BackupException exception)
        {
            await Console.Error.WriteLineAsync($"thin-deployer: {exception.Message}");
            return ExitCode.Failed;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
