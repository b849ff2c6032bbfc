using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>
/// Warns of files that every user of the machine may read or change. A group may: <c>root:deploy</c> with mode 640 is how
/// the file of a service's own user is kept.
/// </summary>
internal static class OpenFiles
{
    internal static void WarnIfWritable(string file, Place namedAt, Problems problems)
    {
        if (FileStatus.IsOpenToAll(file, UnixFileMode.OtherWrite))
        {
            problems.Warn(
                namedAt,
                service: null,
                $"everybody on this machine may change this file, and so what is run; chmod o-w {Quote.Of(file)}"
            );
        }
    }

    /// <summary>One warning a file, at the first secret in it. A file of tokens must not be writable either.</summary>
    internal static void WarnOfSecrets(PlainSecrets secrets, Problems problems)
    {
        foreach (var (file, namedAt, service, isTokensOnly) in secrets.Files)
        {
            if (FileStatus.IsOpenToAll(file, UnixFileMode.OtherRead))
            {
                problems.Warn(
                    namedAt,
                    service,
                    "a token or secret stands in a file that everybody on this machine may read; "
                        + $"chmod o= {Quote.Of(file)}"
                        + (
                            isTokensOnly ? ", or write a token's sha256: digest"
                            : file == namedAt.File ? ", or take it from the environment: ${NAME}"
                            : ""
                        )
                );
            }

            if (file != namedAt.File)
            {
                WarnIfWritable(file, namedAt, problems);
            }
        }
    }
}
