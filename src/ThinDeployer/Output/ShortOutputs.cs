using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using ThinDeployer.Yaml;

namespace ThinDeployer.Output;

/// <summary>
/// Files for outputs as long as they are short, and until the record holds them: one for each deployment that runs, used again and
/// again. To make a file and to remove it costs a hundred times what it costs to write so little.
/// </summary>
/// <param name="folder">Of the outputs.</param>
internal sealed class ShortOutputs(string folder)
{
    internal const string Prefix = "short-";

    /// <summary>Files that nobody uses. Each is open.</summary>
    private const int MostIdle = 16;

    private readonly Lock _lock = new();
    private readonly Stack<ShortOutput> _idle = new();
    private int _made;

    /// <exception cref="IOException">The disk is full, the folder can't be made anew, or no descriptor is free.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is another user's.</exception>
    internal ShortOutput Take(string id)
    {
        var file = Idle() ?? new ShortOutput($"{Prefix}{Interlocked.Increment(ref _made)}", folder);
        file.BelongTo(id);
        return file;
    }

    /// <summary>Null where there is none. What somebody removed would not be found after a crash.</summary>
    private ShortOutput? Idle()
    {
        lock (_lock)
        {
            while (_idle.TryPop(out var file))
            {
                if (file.IsThere)
                {
                    return file;
                }

                file.Close();
            }
        }

        return null;
    }

    /// <summary>Not before the record, or a file of its own, holds the output.</summary>
    internal void GiveBack(ShortOutput file)
    {
        lock (_lock)
        {
            if (_idle.Count < MostIdle)
            {
                _idle.Push(file);
                return;
            }
        }

        file.Close();
        File.Delete(file.Path);
    }

    /// <summary>
    /// Gives what a crash left a file of its own. For the start, before anything is taken. What can't be written is lost: the
    /// deployments matter more.
    /// </summary>
    /// <param name="store">Of the same folder.</param>
    /// <param name="isCutOff">Whether a deployment ran when the program ended.</param>
    internal static void Restore(OutputStore store, Func<string, bool> isCutOff)
    {
        try
        {
            foreach (var path in Directory.GetFiles(store.Folder, Prefix + "*"))
            {
                Restore(path, store, isCutOff);
                File.Delete(path);
            }
        }
        catch (Exception exception) when (OutputStore.IsTrouble(exception))
        {
            store.Failed(OutputStore.ReasonOf(exception));
        }
    }

    /// <summary>What has a file already became longer than short before the crash.</summary>
    private static void Restore(string path, OutputStore store, Func<string, bool> isCutOff)
    {
        if (ShortOutput.Read(path) is var (id, output) && isCutOff(id))
        {
            using var file = new OutputFiles(store, id).Create(segment: 0);
            if (file.Length == 0)
            {
                file.Write(output);
            }
        }
    }
}

/// <summary>One of them: how long the output is (four bytes), whose it is (36 bytes), and the output.</summary>
internal sealed class ShortOutput
{
    /// <summary>What the record holds in the row of a deployment without reading another page for it.</summary>
    internal const int MostBytes = 2048;

    private const int IdBytes = 36;
    private const int HeadBytes = sizeof(int) + IdBytes;

    private readonly SafeFileHandle _file;
    private readonly ulong? _inode;
    private readonly byte[] _content = new byte[HeadBytes + MostBytes];

    internal ShortOutput(string name, string folder)
    {
        Path = System.IO.Path.Join(folder, name);
        _file = OutputFiles.Create(Path, folder).SafeFileHandle;
        _inode = FileStatus.Of(_file)?.Inode;
    }

    internal string Path { get; }

    internal bool IsThere => FileStatus.Of(Path)?.Inode == _inode;

    internal void BelongTo(string id) => Encoding.ASCII.GetBytes(id, _content.AsSpan(sizeof(int), IdBytes));

    /// <summary>At once and in one piece, so that a crash leaves this output or the one before.</summary>
    /// <param name="output">All of it, at most <see cref="MostBytes"/>.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    internal void Write(ReadOnlySpan<byte> output)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_content, output.Length);
        output.CopyTo(_content.AsSpan(HeadBytes));
        RandomAccess.Write(_file, _content.AsSpan(0, HeadBytes + output.Length), fileOffset: 0);
    }

    internal void Close() => _file.Dispose();

    /// <summary>Null for what holds none.</summary>
    internal static (string Id, byte[] Output)? Read(string path)
    {
        var content = File.ReadAllBytes(path);
        if (content.Length < HeadBytes)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(content);
        var id = Encoding.ASCII.GetString(content, sizeof(int), IdBytes);
        return Guid.TryParseExact(id, "D", out _) && length >= 0 && length <= content.Length - HeadBytes
            ? (id, content[HeadBytes..(HeadBytes + length)])
            : null;
    }
}
