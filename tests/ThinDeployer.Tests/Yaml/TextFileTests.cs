using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Yaml;

public sealed class TextFileTests : IDisposable
{
    private const int MaximumBytes = 1_024;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "")]
    [InlineData("a: 1\r\n", "a: 1\r\n")]
    [InlineData("\uFEFFa: 1", "a: 1")]
    [InlineData("żółw 🐢", "żółw 🐢")]
    public void A_text_is_read_without_its_byte_order_mark(string content, string expected)
    {
        var path = _folder.Write("text", Encoding.UTF8.GetBytes(content));

        var result = TextFile.Read(path, MaximumBytes);

        Assert.Equal(new TextFileResult.Content(expected), result);
    }

    [Fact]
    public void A_text_of_exactly_the_largest_size_is_read()
    {
        var path = _folder.Write("text", Encoding.UTF8.GetBytes(new string('x', MaximumBytes)));

        var result = TextFile.Read(path, MaximumBytes);

        Assert.IsType<TextFileResult.Content>(result);
    }

    [Theory]
    [InlineData(1_024, "1 KiB")]
    [InlineData(1_048_576, "1 MiB")]
    [InlineData(1_000, "1000 bytes")]
    public void A_larger_file_is_refused_with_the_limit(int maximumBytes, string limit)
    {
        var path = _folder.Write("text", new byte[10_000_000]);

        var result = TextFile.Read(path, maximumBytes);

        Assert.Equal(new TextFileResult.Refused($"the file is larger than {limit}"), result);
    }

    [Theory]
    [InlineData("ab\n\u017c\u00f3", new byte[] { 0xFF }, 2, 3, "the file is not valid UTF-8 here; save it as UTF-8")]
    [InlineData("", new byte[] { 0xFF, 0xFE, 0x61, 0x00 }, 1, 1, "the file is not valid UTF-8 here; save it as UTF-8")]
    [InlineData("a", new byte[] { 0xC3 }, 1, 2, "the file is not valid UTF-8 here; save it as UTF-8")]
    [InlineData("a", new byte[] { 0xED, 0xA0, 0x80 }, 1, 2, "the file is not valid UTF-8 here; save it as UTF-8")]
    [InlineData("a\r\nb", new byte[] { 0 }, 2, 2, "the file holds a NUL character here; it is not a text file")]
    public void What_is_not_text_is_refused_with_its_place(
        string start,
        byte[] end,
        int line,
        int column,
        string reason
    )
    {
        var path = _folder.Write("text", [.. Encoding.UTF8.GetBytes(start), .. end]);

        var result = TextFile.Read(path, MaximumBytes);

        Assert.Equal(new TextFileResult.Refused(reason, line, column), result);
    }

    [Fact]
    public void A_missing_file_is_refused() => AssertRefused(_folder.At("none"), "the file is missing");

    [Fact]
    public void An_empty_path_is_refused() => AssertRefused("", "the file is missing");

    [Fact]
    public void A_path_that_a_C_string_would_cut_is_refused()
    {
        var path = _folder.Write("text", "a"u8.ToArray());

        AssertRefused(path + "\0.yml", "the path holds a NUL character");
    }

    [Fact]
    public void A_path_through_a_file_is_refused()
    {
        var path = _folder.Write("text", "a"u8.ToArray());

        AssertRefused(path + "/more", "the file is missing: a part of its path is not a folder");
    }

    [Fact]
    public void A_path_that_is_too_long_is_refused() =>
        AssertRefused("/" + new string('x', 5_000), "the path is too long");

    [Fact]
    public void A_circle_of_symbolic_links_is_refused()
    {
        File.CreateSymbolicLink(_folder.At("link"), _folder.At("link"));

        AssertRefused(_folder.At("link"), "the file can't be read: its symbolic links go round in a circle");
    }

    [Fact]
    public void A_symbolic_link_to_a_file_is_followed()
    {
        var path = _folder.Write("text", "a"u8.ToArray());
        File.CreateSymbolicLink(_folder.At("link"), path);

        var result = TextFile.Read(_folder.At("link"), MaximumBytes);

        Assert.Equal(new TextFileResult.Content("a"), result);
    }

    [Fact]
    public void A_folder_is_refused() => AssertRefused(_folder.FullName, "this is a folder, not a file");

    [Fact]
    public async Task A_FIFO_that_nobody_writes_to_is_refused_at_once()
    {
        var path = _folder.At("fifo");
        using var mkfifo = Process.Start("mkfifo", [path]);
        await mkfifo.WaitForExitAsync();

        AssertRefused(path, "this is a pipe or a device, not a regular file");
    }

    [Fact]
    public void A_socket_is_refused()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder.At("socket")));

        AssertRefused(_folder.At("socket"), "this is a socket or a device, not a regular file");
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    public void A_device_is_refused(string path) =>
        AssertRefused(path, "this is a pipe or a device, not a regular file");

    [Fact]
    public void A_file_that_fails_while_reading_is_refused() =>
        // Page 0 of a process is never there.
        AssertRefused("/proc/self/mem", "the file can't be read: it fails while reading");

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_without_permission_is_refused_unless_the_user_may_read_everything()
    {
        var path = _folder.Write("text", "a"u8.ToArray());
        File.SetUnixFileMode(path, UnixFileMode.None);

        var result = TextFile.Read(path, MaximumBytes);

        TextFileResult expected = Environment.IsPrivilegedProcess
            ? new TextFileResult.Content("a")
            : new TextFileResult.Refused("the file can't be read: permission denied");
        Assert.Equal(expected, result);
    }

    private static void AssertRefused(string path, string reason) =>
        Assert.Equal(new TextFileResult.Refused(reason), TextFile.Read(path, MaximumBytes));
}
