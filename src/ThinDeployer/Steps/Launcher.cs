using System.ComponentModel;
using System.Reflection;
using CliWrap;
using ThinDeployer.Output;
using ThinDeployer.Yaml;

namespace ThinDeployer.Steps;

/// <summary>
/// The small program that comes before a command and becomes it (launch.c). It does what <c>setsid</c> and the beginning of a
/// shell's script do else, at a fraction of their cost. The native binary carries it; every other build does without.
/// </summary>
/// <param name="path">Full path.</param>
internal sealed class Launcher(string path)
{
    /// <summary>Of the resource, and of the file.</summary>
    private const string Name = "launch";

    /// <summary>What the one that is tried must end with: nobody else does.</summary>
    private const int TriedCode = 86;

    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Puts it into a folder of ours, anew at each start, and tries it.</summary>
    /// <returns>Null where this build carries none, or the machine lets no program run there (mount option noexec).</returns>
    internal static async Task<Launcher?> InstallAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Join(folder, Name);
        try
        {
            if (!TryWrite(path))
            {
                return null;
            }

            var tried = await Cli.Wrap(path)
                .WithArguments(["022", "", StepRunner.Shell, "-c", $"exit {TriedCode}"])
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(cancellationToken);
            return tried.ExitCode == TriedCode ? new Launcher(path) : null;
        }
        catch (Exception exception) when (OutputStore.IsTrouble(exception) || exception is Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What starts a command by it.</summary>
    /// <param name="start">The command.</param>
    /// <param name="held">What it waits for.</param>
    /// <param name="group">Its control group, which it goes into itself; null for none.</param>
    internal Command Before(StepStart start, HeldStart held, string? group)
    {
        var how = FileMask.Written(start.Umask) + (held.Overlaps ? "w" : "");
        var place = group is null ? "" : StepGroups.MembersFileOf(group);
        return Cli.Wrap(path)
            .WithArguments(
                start.Command.Words is { } words
                    ? [how, place, .. words]
                    : [how, place, StepRunner.Shell, "-c", start.Command.Script]
            );
    }

    /// <summary>Beside the old one first: that may still run.</summary>
    private static bool TryWrite(string path)
    {
        using var carried = Assembly.GetEntryAssembly()?.GetManifestResourceStream(Name);
        if (carried is null)
        {
            return false;
        }

        var made = path + ".new";
        File.Delete(made);
        using (
            var file = new FileStream(
                made,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = ForOwner,
                }
            )
        )
        {
            carried.CopyTo(file);
        }

        File.Move(made, path, overwrite: true);
        return true;
    }
}
