using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Security;

public sealed class SessionsTests : IDisposable
{
    private static readonly byte[] Digest = Secret.DigestOf("a-token"u8);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    private string FilePath => Path.Join(_folder.FullName, Sessions.FileName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_key_opens_its_session_and_nothing_else_does()
    {
        var sessions = New();
        var key = sessions.Begin(Digest);

        Assert.Equal(Digest, sessions.Use(key)?.TokenDigest);
        Assert.Null(sessions.Use(Session.NewKey()));
        Assert.Null(sessions.Use(Session.IdOf(key)));
        Assert.Null(sessions.Use(""));
    }

    [Fact]
    public void It_outlives_the_program()
    {
        var key = New().Begin(Digest);

        Assert.Equal(Digest, New().Use(key)?.TokenDigest);
    }

    [Fact]
    public void One_that_was_ended_stays_ended()
    {
        var sessions = New();
        var (ended, other) = (sessions.Begin(Digest), sessions.Begin(Digest));

        sessions.End(ended);

        Assert.Null(sessions.Use(ended));
        Assert.Null(New().Use(ended));
        Assert.NotNull(New().Use(other));
    }

    [Fact]
    public void It_ends_when_it_was_not_used_for_long_and_not_before()
    {
        var sessions = New();
        var key = sessions.Begin(Digest);

        _time.Advance(Sessions.Idle - TimeSpan.FromSeconds(1));
        Assert.NotNull(sessions.Use(key));
        _time.Advance(Sessions.Idle - TimeSpan.FromSeconds(1));
        Assert.NotNull(New().Use(key));
        _time.Advance(Sessions.Idle + TimeSpan.FromSeconds(1));

        Assert.Null(sessions.Use(key));
        Assert.Null(New().Use(key));
    }

    [Fact]
    public void The_file_is_its_owners_and_holds_no_key()
    {
        var key = New().Begin(Digest);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.DoesNotContain(key, File.ReadAllText(FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public void The_one_not_used_for_the_longest_time_makes_room()
    {
        var sessions = New();
        var first = sessions.Begin(Digest);
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = sessions.Begin(Digest);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(sessions.Use(first));
        for (var i = 2; i <= Sessions.Maximum; i++)
        {
            sessions.Begin(Secret.DigestOf([(byte)i, (byte)(i >> 8)]));
        }

        Assert.Null(sessions.Use(second));
        Assert.NotNull(sessions.Use(first));
    }

    [Fact]
    public void Who_signs_in_without_end_ends_nobody_elses_session()
    {
        var sessions = New();
        var other = sessions.Begin(Secret.DigestOf("another"u8));
        var first = sessions.Begin(Digest);
        for (var i = 0; i < Sessions.Maximum; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            sessions.Begin(Digest);
        }

        Assert.NotNull(sessions.Use(other));
        Assert.Null(sessions.Use(first));
    }

    [Fact]
    public void An_end_that_can_not_be_written_is_one_all_the_same()
    {
        var sessions = New();
        var key = sessions.Begin(Digest);
        Directory.CreateDirectory(FilePath + ".new");

        sessions.End(key);

        Assert.Null(New().Use(key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("one two three\n")]
    [InlineData("a b 99999999999999999999\n")]
    public void What_is_damaged_is_no_session_and_does_no_harm(string file)
    {
        File.WriteAllText(FilePath, file);
        var sessions = New();

        var key = sessions.Begin(Digest);

        Assert.NotNull(sessions.Use(key));
    }

    [Fact]
    public void Where_nothing_can_be_written_it_lasts_as_long_as_the_program()
    {
        var sessions = new Sessions(Path.Join(_folder.FullName, "missing", "sessions"), _time);

        Assert.NotNull(sessions.Use(sessions.Begin(Digest)));
    }

    [Fact]
    public void The_proof_of_a_page_belongs_to_one_key()
    {
        var (key, other) = (Session.NewKey(), Session.NewKey());

        Assert.True(Session.IsAntiforgery(key, Session.AntiforgeryOf(key)));
        Assert.False(Session.IsAntiforgery(key, Session.AntiforgeryOf(other)));
        Assert.False(Session.IsAntiforgery(key, ""));
        Assert.DoesNotContain(key, Session.AntiforgeryOf(key), StringComparison.Ordinal);
    }

    private Sessions New() => new(FilePath, _time);
}
