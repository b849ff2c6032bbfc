using Microsoft.AspNetCore.Http;
using ThinDeployer.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Pages;

/// <summary>The streams that pages keep open. They stay for hours, so their number has a bound.</summary>
internal sealed class OpenStreams
{
    /// <summary>At once.</summary>
    internal const int Maximum = 1000;

    /// <summary>Of one session, or of all who come with one token: a tab that nobody looks at has none.</summary>
    internal const int MaximumOfSession = 50;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _byReader = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Answers by a stream, or that there are too many.</summary>
    internal async Task OpenAsync(HttpContext context, Caller caller, Func<Task> follow)
    {
        var keys = SessionCookie.KeysIn(context.Request).ToList();
        var reader = keys is [var key, ..] ? Session.IdOf(key) : "token " + caller.Credential;
        if (!Enter(reader))
        {
            await context.AnswerLaterAsync("Too many pages are open; close some of them");
            return;
        }

        try
        {
            await follow();
        }
        finally
        {
            Leave(reader);
        }
    }

    private bool Enter(string reader)
    {
        lock (_lock)
        {
            var own = _byReader.GetValueOrDefault(reader);
            if (_count >= Maximum || own >= MaximumOfSession)
            {
                return false;
            }

            _byReader[reader] = own + 1;
            _count++;
            return true;
        }
    }

    private void Leave(string reader)
    {
        lock (_lock)
        {
            _count--;
            if (--_byReader[reader] == 0)
            {
                _byReader.Remove(reader);
            }
        }
    }
}
