namespace ThinDeployer.Pages;

/// <summary>
/// What <c>doctor</c> finds, for who waits for it on the page. It starts processes, so there is one at a time, and who asks
/// meanwhile waits for the same one.
/// </summary>
internal sealed class Examination(OperatorTexts texts, TimeProvider time)
{
    /// <summary>So long a browser and its proxies wait: a folder on a network that is gone keeps it for ever.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(50);

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<Examined>>? _running;

    /// <returns>Null where it takes too long. It goes on, and who asks again may get what it found.</returns>
    internal async Task<IReadOnlyList<Examined>?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Running().WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private Task<IReadOnlyList<Examined>> Running()
    {
        lock (_lock)
        {
            if (_running is null or { IsCompleted: true })
            {
                // Not here: it looks at files before it waits for anything.
                _running = Task.Run(texts.Examine);
            }

            return _running;
        }
    }
}
