namespace ThinDeployer.Steps;

/// <summary>What runs commands: <c>/bin/sh</c>, which is another program on each distribution.</summary>
internal static class SystemShell
{
    /// <summary>The file behind the link; the link itself where it leads nowhere.</summary>
    internal static string Program { get; } = Resolve("/bin/sh");

    private static string Resolve(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }
}
