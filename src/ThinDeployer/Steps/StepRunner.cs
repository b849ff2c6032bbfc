using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.CompilerServices;
using CliWrap;
using Microsoft.Extensions.Logging;
using ThinDeployer.Output;
using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>Runs one command in a session of its own, by <c>/bin/sh -c</c> where it takes a shell, and waits for the exit of its process.</summary>
internal sealed partial class StepRunner
{
    internal const string Shell = "/bin/sh";

    /// <summary>Both streams go through one pipe, so that they come in the order written.</summary>
    private const string MergeStreams = "exec 2>&1\n";

    /// <summary>Longer than a short command takes, so that these are never watched.</summary>
    private static readonly TimeSpan WatchAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a step waits for descriptors that others use, and how often it looks.</summary>
    private static readonly TimeSpan DescriptorPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    private readonly ShortPause _pause = new(patience: TimeSpan.FromSeconds(1));
    private readonly TimeSpan _longestGrace;
    private readonly TimeProvider _time;
    private readonly StepProcesses _processes;
    private readonly Launcher? _launcher;
    private readonly ILogger<StepRunner> _logger;

    /// <summary>What all starts of a step have in common, built once. A plan belongs to one service.</summary>
    private readonly ConditionalWeakTable<StepPlan, Dictionary<string, string?>> _environments = [];

    /// <param name="longestGrace">What the host leaves between SIGTERM and SIGKILL; a service's own may be shorter.</param>
    /// <param name="processes">Stops steps.</param>
    /// <param name="launcher">Starts commands; null where this build or machine has none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told of a step that must wait.</param>
    internal StepRunner(
        TimeSpan longestGrace,
        StepProcesses processes,
        Launcher? launcher,
        TimeProvider time,
        ILogger<StepRunner> logger
    )
    {
        _launcher = launcher;
        _logger = logger;
        _longestGrace = longestGrace;
        _processes = processes;
        _time = time;
        Inheritance.Prevent();
    }

    /// <summary>What the step prints goes to its deployment's output as it comes.</summary>
    /// <param name="start">What runs.</param>
    /// <param name="stop">Ends the step with all its processes.</param>
    internal async Task<StepEnd> RunAsync(StepStart start, CancellationToken stop)
    {
        if (await HeldStart.OfAsync(start) is not { } held)
        {
            return StepEnd.Stopped;
        }

        var end = await RunAsync(start, held, stop) ?? await RunLaterAsync(start, held, stop);
        return await start.Of.IsOnDisk ? end : StepEnd.Stopped;
    }

    /// <summary>A deployment that is half done must not fail, and its rollback with it, because many are connected or much runs.</summary>
    private async Task<StepEnd> RunLaterAsync(StepStart start, HeldStart held, CancellationToken stop)
    {
        Log.Waits(_logger, start.Of.Id, start.Of.Service);
        start.Of.Output.WriteLine("Waiting: the server has as many files open as it may");
        var begin = _time.GetTimestamp();
        while (_time.GetElapsedTime(begin) < DescriptorPatience)
        {
            try
            {
                await Task.Delay(LookAgain, _time, stop);
            }
            catch (OperationCanceledException)
            {
                return StepEnd.Stopped;
            }

            if (await RunAsync(start, held, stop) is { } end)
            {
                return end;
            }
        }

        return StepEnd.NotStarted("the server has as many files open as it may (LimitNOFILE)");
    }

    /// <param name="start">What runs.</param>
    /// <param name="held">What its command waits for.</param>
    /// <param name="stop">Ends the step with all its processes.</param>
    /// <returns>Null where nothing began, because no descriptor was free.</returns>
    private async Task<StepEnd?> RunAsync(StepStart start, HeldStart held, CancellationToken stop)
    {
        if (OwnSession.Program is not { } session)
        {
            return StepEnd.NotStarted(OwnSession.WhyImpossible);
        }

        var folder = start.Folder;
        if (!Directory.Exists(folder))
        {
            return StepEnd.NotStarted($"the folder \"{folder}\" does not exist");
        }

        string payload;
        string summary;
        try
        {
            summary = start.Of.Summary.PathFor(start.RunAs);
        }
        catch (IOException)
        {
            // No descriptor is free.
            return null;
        }

        try
        {
            payload = start.Of.Payload.PathFor(start.RunAs);
        }
        catch (Exception exception) when (OutputStore.IsTrouble(exception))
        {
            if (OutOfDescriptors.IsCause(exception))
            {
                return null;
            }

            if (start.ReadsPayload)
            {
                return StepEnd.NotStarted(
                    $"the request's body can't be written to a file: {OutputStore.ReasonOf(exception)}"
                );
            }

            payload = PayloadFile.Unwritten;
        }

        try
        {
            return await ExecuteAsync(session, _launcher, start, new StepFiles(payload, summary), held, stop);
        }
        finally
        {
            _processes.Ended(start.Marker);
        }
    }

    private async Task<StepEnd?> ExecuteAsync(
        string session,
        Launcher? launcher,
        StepStart start,
        StepFiles files,
        HeldStart held,
        CancellationToken stop
    )
    {
#pragma warning disable CA2000 // It has neither a timer nor a handle, and a late look at the process may still cancel it.
        var exited = new CancellationTokenSource();
#pragma warning restore CA2000
        var pipe = new StepPipe(start.Of.Output, _pause, _time);
        var user = start.RunAs is { } account ? new UserSwitch(account, start.Folder) : null;
        launcher = user is null ? launcher : null;
        var group = _processes.GroupFor(start.Marker);
        CommandTask<CommandResult> shell;
        try
        {
            Inheritance.UnblockSignals();
            shell = Prepare(session, launcher, start, files, user, held, group)
                .WithStandardOutputPipe(PipeTarget.Create((stream, _) => ReadAsync((PipeStream)stream)))
                .ExecuteAsync(CancellationToken.None);
        }
        catch (Win32Exception exception) when (OutOfDescriptors.IsCause(exception))
        {
            return null;
        }
        catch (Win32Exception) when (launcher is not null)
        {
            // It is gone, or may not run any more; where that is not the reason, this finds out.
            return await ExecuteAsync(session, launcher: null, start, files, held, stop);
        }
        catch (Win32Exception exception)
        {
            return StepEnd.NotStarted(WhyNotStarted(exception, start.Folder));
        }

        if (launcher is null && group is not null)
        {
            StepGroups.Enter(group, shell.ProcessId);
        }

        held.Found();

        Task ReadAsync(PipeStream stream)
        {
            user?.OwnOutput(stream);
            return pipe.ReadAsync(stream, exited.Token);
        }

        return await EndAsync(start, shell, exited, user, stop);
    }

    private async Task<StepEnd> EndAsync(
        StepStart start,
        CommandTask<CommandResult> shell,
        CancellationTokenSource exited,
        UserSwitch? user,
        CancellationToken stop
    )
    {
        // Most commands end their output with themselves; only what goes on is watched.
        await using var watch = _time.CreateTimer(
            _ => _ = WatchAsync(shell.ProcessId, exited),
            state: null,
            WatchAfter,
            Timeout.InfiniteTimeSpan
        );
        if (await EndsBeforeAsync(shell, stop) || exited.IsCancellationRequested)
        {
            var code = (await shell).ExitCode;
            return user?.WhyNotStarted() is { } why ? StepEnd.NotStarted(why) : StepEnd.Exited(code);
        }

        var grace = TimeSpan.FromTicks(Math.Min(start.Of.StopGrace.Ticks, _longestGrace.Ticks));
        if (await _processes.StopAsync(marker => marker == start.Marker, shell.ProcessId, grace))
        {
            await shell;
        }

        return StepEnd.Stopped;
    }

    /// <param name="session">The program that makes one.</param>
    /// <param name="launcher">Makes one, too; null where there is none.</param>
    /// <param name="start">What runs.</param>
    /// <param name="files">What the step finds by its environment.</param>
    /// <param name="user">Null for the server's own.</param>
    /// <param name="held">What the command waits for.</param>
    /// <param name="group">Its control group; null for none.</param>
    private Command Prepare(
        string session,
        Launcher? launcher,
        StepStart start,
        StepFiles files,
        UserSwitch? user,
        HeldStart held,
        string? group
    )
    {
        var common = _environments.GetValue(start.Plan, plan => StepEnvironment.Build(start.Of.Defaults, plan));
        var environment = StepEnvironment.Build(start, common, files);
        var isPutIntoGroup = launcher is null && group is not null;
        var command = launcher is not null
            ? launcher.Before(start, held, group)
            : Cli.Wrap(session).WithArguments(ShellLine(start, user, held.Script(isPutIntoGroup), environment));
        return command
            .WithWorkingDirectory(start.Folder)
            .WithEnvironmentVariables(environment)
            .WithStandardInputPipe(user?.Input(held.IsFound) ?? held.Input(isPutIntoGroup))
            .WithStandardErrorPipe(user?.Complaints ?? PipeTarget.Null)
            .WithValidation(CommandResultValidation.None);
    }

    /// <summary>The server's own mask is for its own files, which are its user's alone.</summary>
    private static string[] ShellLine(
        StepStart start,
        UserSwitch? user,
        string before,
        Dictionary<string, string?> environment
    )
    {
        var script = $"{before}umask {FileMask.Written(start.Umask)}; {MergeStreams}{start.Command.Script}";
        return user?.Line(Shell, script, environment) ?? [Shell, "-c", script];
    }

    /// <summary>Waits for the exit of the shell, whoever else holds its output open.</summary>
    private static async Task WatchAsync(int processId, CancellationTokenSource exited)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            await process.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // It has exited already.
        }

        await exited.CancelAsync();
    }

    /// <summary>True when the task ended; false when the token was cancelled before.</summary>
    private static async Task<bool> EndsBeforeAsync(Task task, CancellationToken stop)
    {
        try
        {
            await task.WaitAsync(stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string WhyNotStarted(Win32Exception exception, string folder)
    {
        const int noSuchFile = 2;
        const int tooLong = 7;
        const int notPermitted = 13;
        return exception.NativeErrorCode switch
        {
            noSuchFile => $"{OwnSession.Program} was not found, or the folder \"{folder}\" is gone",
            tooLong => "the command with its environment is longer than the system allows",
            notPermitted =>
                $"user {SystemUser.Name} may not enter the folder \"{folder}\" or execute {OwnSession.Program}",
            _ => $"the system refused to start {OwnSession.Program} (error {exception.NativeErrorCode})",
        };
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Deployment {Id} of {Service} waits with its next step: this process has as many files open as it may (LimitNOFILE)"
        )]
        internal static partial void Waits(ILogger logger, string id, string service);
    }
}
