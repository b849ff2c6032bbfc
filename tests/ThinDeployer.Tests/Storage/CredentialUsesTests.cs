using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Security;
using ThinDeployer.Storage;

namespace ThinDeployer.Tests.Storage;

/// <summary>When a credential was used last, in a real record, by a clock of the test.</summary>
#pragma warning disable CA1001 // The runner calls DisposeAsync.
public sealed class CredentialUsesTests : IAsyncLifetime
#pragma warning restore CA1001
{
    /// <summary>SQLITE_IOERR (https://sqlite.org/rescode.html).</summary>
    private const int SqliteIoError = 10;

    private static readonly byte[] Digest = Secret.DigestOf("token"u8);

    private readonly TemporaryFolder _temporary = new();
    private readonly FakeTimeProvider _time = new(Sample.Noon);
    private DataFolder _folder = null!;
    private SqliteRecord _record = null!;
    private volatile bool _isBroken;

    public async Task InitializeAsync()
    {
        _folder = await DataFolder.OpenAsync(_temporary.At("data"), TimeSpan.Zero, _time, CancellationToken.None);
        _record = Open();
    }

    public async Task DisposeAsync()
    {
        await _record.DisposeAsync();
        _folder.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task What_was_used_is_known_at_once_and_kept_by_one_write_a_minute()
    {
        using var uses = await StartedAsync();
        var before = _record.Commits;

        for (var i = 0; i < 100; i++)
        {
            uses.Note(Of("shop", "ci"));
            uses.Note(Of("wiki", "ci"));
        }

        Assert.Equal(Sample.Noon, uses.LastOf("shop", "ci"));
        Assert.Null(uses.LastOf("shop", "ada"));
        Assert.Equal(before, _record.Commits);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Eventually(() => _record.Uses.Uses(10).Count == 2);
        Assert.Equal(before + 1, _record.Commits);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(before + 1, _record.Commits);
        await uses.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_came_last_is_kept_when_the_server_ends_and_is_there_after_it()
    {
        using (var uses = await StartedAsync())
        {
            uses.Note(Of("shop", name: null));
            await uses.StopAsync(CancellationToken.None);
        }

        await _record.DisposeAsync();
        _record = Open();
        using var next = await StartedAsync();

        Assert.Equal(Sample.Noon, next.LastOf("shop", "token"));
        await next.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_record_that_can_not_be_written_loses_nothing_and_faults_nobody()
    {
        using var uses = await StartedAsync();
        _isBroken = true;

        uses.Note(Of("shop", "ci"));
        _time.Advance(TimeSpan.FromMinutes(1));
        await Eventually(() => _record.Failures > 0);
        _isBroken = false;
        await uses.StopAsync(CancellationToken.None);

        Assert.Equal([new CredentialUse("shop", "ci", Sample.Noon)], _record.Uses.Uses(10));
    }

    private async Task<CredentialUses> StartedAsync()
    {
        var uses = new CredentialUses(_time);
        uses.Open(_record.Uses);
        await uses.StartAsync(CancellationToken.None);
        return uses;
    }

    private SqliteRecord Open() =>
        SqliteRecord.Open(
            _folder,
            NullLogger<SqliteRecord>.Instance,
            outbox: null,
            _ =>
            {
                if (_isBroken)
                {
                    throw new SqliteException("The disk is gone", SqliteIoError);
                }
            }
        );

    private Admission Of(string service, string? name) =>
        Admission.ByTokens(service, new TokenSet([Token.Parse(name, "token")!]), [Digest], _time.GetUtcNow())[0];

    private static async Task Eventually(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 1000, "It took too long");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
