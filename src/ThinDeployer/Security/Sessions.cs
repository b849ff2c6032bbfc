using System.Globalization;
using System.Security.Cryptography;

namespace ThinDeployer.Security;

/// <summary>
/// All sessions. They outlive the program, by a file that only its owner reads; where it can't be written, they don't.
/// </summary>
/// <param name="path">Of the file; its folder may not be there yet.</param>
internal sealed class Sessions(string path, TimeProvider time)
{
    /// <summary>A session ends when it was not used for so long.</summary>
    internal static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    /// <summary>In the data folder.</summary>
    internal const string FileName = "sessions";

    /// <summary>At once; the one that was not used for the longest time makes room.</summary>
    internal const int Maximum = 1000;

    /// <summary>Of one token: who begins too many ends his own, and nobody else's.</summary>
    internal const int MaximumOfToken = 50;

    /// <summary>How exactly the file knows when a session was used.</summary>
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private Dictionary<string, Session>? _byId;
    private DateTimeOffset _savedAt;

    /// <summary>Begins one.</summary>
    /// <returns>Its key, for the browser.</returns>
    internal string Begin(byte[] tokenDigest)
    {
        var key = Session.NewKey();
        lock (_lock)
        {
            var sessions = Living();
            var own = sessions.Where(session => session.Value.TokenDigest.AsSpan().SequenceEqual(tokenDigest)).ToList();
            if (own.Count >= MaximumOfToken)
            {
                sessions.Remove(own.MinBy(session => session.Value.SeenAt).Key);
            }
            else if (sessions.Count >= Maximum)
            {
                sessions.Remove(sessions.MinBy(session => session.Value.SeenAt).Key);
            }

            sessions[Session.IdOf(key)] = new Session(tokenDigest, time.GetUtcNow());
            Save(sessions);
        }

        return key;
    }

    /// <summary>The one of a key, which is used by this; null where there is none any more.</summary>
    internal Session? Use(string key)
    {
        var id = Session.IdOf(key);
        lock (_lock)
        {
            var sessions = Living();
            if (!sessions.TryGetValue(id, out var session))
            {
                return null;
            }

            session = session with { SeenAt = time.GetUtcNow() };
            sessions[id] = session;
            if (session.SeenAt - _savedAt >= SaveEvery)
            {
                Save(sessions);
            }

            return session;
        }
    }

    internal void End(string key)
    {
        lock (_lock)
        {
            var sessions = Living();
            if (sessions.Remove(Session.IdOf(key)))
            {
                Save(sessions);
            }
        }
    }

    private Dictionary<string, Session> Living()
    {
        _byId ??= Load();
        var since = time.GetUtcNow() - Idle;
        foreach (var (id, session) in _byId)
        {
            if (session.SeenAt < since)
            {
                _byId.Remove(id);
            }
        }

        return _byId;
    }

    /// <summary>A line is an id, the digest of a token, and UNIX seconds. What can't be read is no session.</summary>
    private Dictionary<string, Session> Load()
    {
        var sessions = new Dictionary<string, Session>(StringComparer.Ordinal);
        try
        {
            foreach (var line in File.ReadLines(path).Take(Maximum))
            {
                if (Parse(line) is var (id, session))
                {
                    sessions[id] = session;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Everybody signs in again.
        }

        return sessions;
    }

    private static (string Id, Session Session)? Parse(string line) =>
        line.Split(' ')
            is [{ Length: 2 * SHA256.HashSizeInBytes } id, { Length: 2 * SHA256.HashSizeInBytes } digest, var at]
        && digest.All(char.IsAsciiHexDigit)
        && uint.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? (id, new Session(Convert.FromHexString(digest), DateTimeOffset.FromUnixTimeSeconds(seconds)))
            : null;

    private void Save(Dictionary<string, Session> sessions)
    {
        _savedAt = time.GetUtcNow();
        var written = path + ".new";
        try
        {
            using (var file = new StreamWriter(written, OwnerOnly()))
            {
                foreach (var (id, session) in sessions)
                {
                    file.WriteLine(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{id} {Convert.ToHexStringLower(session.TokenDigest)} {session.SeenAt.ToUnixTimeSeconds()}"
                        )
                    );
                }
            }

            File.Move(written, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // They last as long as this program; one that has ended must not begin again with the next.
            Forget();
        }
    }

    private void Forget()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing of it can be changed.
        }
    }

    private static FileStreamOptions OwnerOnly() =>
        new()
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
}
