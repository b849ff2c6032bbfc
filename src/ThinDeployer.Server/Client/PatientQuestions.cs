using System.Globalization;

namespace ThinDeployer.Server.Client;

/// <summary>
/// Asks a server again as long as it is away, or says "not now". What begins something is sent again only if it was not
/// taken: when no connection came about, or the answer says so.
/// </summary>
/// <param name="patience">How long.</param>
internal sealed class PatientQuestions(ServerConnection server, TimeSpan patience)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestAskedPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAskedPause = TimeSpan.FromSeconds(60);

    private readonly TimeProvider _time = TimeProvider.System;

    internal Task<ServerAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, path, () => null, cancellationToken);

    /// <exception cref="ClientFailure">The server stays away.</exception>
    internal async Task<ServerAnswer> AskAsync(
        HttpMethod method,
        string path,
        Func<HttpContent?> body,
        CancellationToken cancellationToken,
        params (string Name, string Value)[] headers
    )
    {
        var begin = _time.GetTimestamp();
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            var attempt = await TryAsync(method, path, body, headers, cancellationToken);
            var wait = Wait(attempt, pause);
            if (!attempt.MayPass || _time.GetElapsedTime(begin) + wait > patience)
            {
                return attempt.Answer ?? throw ClientFailure.NotReached(attempt.Trouble);
            }

            await Console.Error.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{attempt.Trouble}; trying again in {wait.TotalSeconds:0.#} s"
                )
            );
            await Task.Delay(wait, _time, cancellationToken);
        }
    }

    private async Task<Attempt> TryAsync(
        HttpMethod method,
        string path,
        Func<HttpContent?> body,
        (string Name, string Value)[] headers,
        CancellationToken cancellationToken
    )
    {
        var changesNothing = method == HttpMethod.Get;
        try
        {
            var answer = await server.SendAsync(method, path, body(), cancellationToken, headers);
            var mayPass = answer.Status is 429 or 503 || (changesNothing && answer.Status is 502 or 504);
            return new Attempt(answer, answer.Sentence, mayPass);
        }
        catch (Exception exception) when (ServerConnection.IsLostConnection(exception, cancellationToken))
        {
            return new Attempt(
                Answer: null,
                $"{server.ServerName} was not reached: {ServerConnection.Reason(exception)}",
                changesNothing || ServerConnection.WasNotSent(exception)
            );
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private static TimeSpan Wait(Attempt attempt, TimeSpan pause) =>
        attempt.Answer?.RetryAfter is not { } asked ? pause
        : asked < ShortestAskedPause ? ShortestAskedPause
        : asked > LongestAskedPause ? LongestAskedPause
        : asked;

    /// <param name="Answer">Null where none came.</param>
    /// <param name="Trouble">A sentence, where there is any.</param>
    /// <param name="MayPass">Whether it may be sent again.</param>
    private sealed record Attempt(ServerAnswer? Answer, string Trouble, bool MayPass);
}
