using System.Globalization;

namespace ThinDeployer.Logging;

/// <summary>
/// The log file: the very file that was named, for its owner only. Above a size it is moved away, as <c>name.01.log</c>,
/// <c>name.02.log</c> and so on, and the newest of these are kept. A file that somebody moves, removes or empties is
/// opened anew.
/// </summary>
/// <param name="path">A full path.</param>
/// <param name="rotateAbove">Bytes.</param>
/// <param name="keep">Rotated files.</param>
internal sealed class LogFile(string path, long rotateAbove, int keep) : ILogTarget
{
    private readonly string _folder = Path.GetDirectoryName(path) ?? "/";
    private readonly string _stem = Path.GetFileNameWithoutExtension(path);
    private readonly string _extension = Path.GetExtension(path);
    private FileStream? _file;

    public string Name => path;

    /// <summary>Of the files of now, with those that were rotated.</summary>
    public long? Bytes => Rotated().Select(Numbered).Prepend(path).Sum(SizeOf);

    public void Write(ReadOnlySpan<byte> lines)
    {
        var file = FileFor(lines.Length);
        var begin = file.CanSeek ? file.Position : 0;
        try
        {
            file.Write(lines);
        }
        catch (Exception exception) when (exception is IOException or ArgumentOutOfRangeException)
        {
            // The latter is .NET's for a file that would become too large (EFBIG).
            TakeBack(file, begin);
            throw;
        }
    }

    public void Dispose() => Close();

    private FileStream FileFor(int bytes)
    {
        if (_file is { CanSeek: true } open && !IsStill(open))
        {
            Close();
        }

        _file ??= Open();
        if (_file.CanSeek && _file.Position > 0 && _file.Position + bytes > rotateAbove)
        {
            Close();
            Rotate();
            _file = Open();
        }

        return _file;
    }

    /// <summary>Nobody else writes it, so another length is that of another file, or of one that was emptied.</summary>
    private bool IsStill(FileStream open) =>
        new FileInfo(path) is { Exists: true } there && there.Length == open.Position;

    private FileStream Open()
    {
        Directory.CreateDirectory(_folder);
        return new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                // One that is there already keeps its mode.
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
    }

    /// <summary>A full disk may have taken a part, which comes again as a whole.</summary>
    private void TakeBack(FileStream file, long begin)
    {
        try
        {
            if (file.CanSeek)
            {
                file.SetLength(begin);
            }
        }
        catch (IOException)
        {
            // Then a part of a line stands there, which is better than none.
        }

        Close();
    }

    private void Rotate()
    {
        var rotated = Rotated();
        File.Move(path, Numbered(rotated.Count == 0 ? 1 : rotated[^1] + 1));
        foreach (var number in rotated.Take(rotated.Count + 1 - keep))
        {
            File.Delete(Numbered(number));
        }
    }

    /// <summary>The numbers of those that are there, oldest first.</summary>
    private List<int> Rotated() =>
        [
            .. Directory
                .EnumerateFiles(_folder)
                .Select(file => Path.GetFileName(file))
                .Select(NumberOf)
                .OfType<int>()
                .Order(),
        ];

    private int? NumberOf(string name)
    {
        var begin = _stem.Length + 1;
        var end = name.Length - _extension.Length;
        return
            begin < end
            && int.TryParse(
                name.AsSpan(begin, end - begin),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
            && Path.Join(_folder, name) == Numbered(number)
            ? number
            : null;
    }

    private string Numbered(int number) =>
        Path.Join(_folder, string.Create(CultureInfo.InvariantCulture, $"{_stem}.{number:00}{_extension}"));

    private static long SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
