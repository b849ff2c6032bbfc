using System.Text;
using Microsoft.Win32.SafeHandles;
using ThinDeployer.Yaml;

namespace ThinDeployer.Output;

/// <summary>
/// The files of one output, opened for one who copies them while it may be written, with the lengths that they had: what is
/// open can't be taken away any more, and output only grows.
/// </summary>
internal sealed class OpenedOutput : IDisposable
{
    private const string Extension = ".log";

    private readonly List<Part> _parts = [];

    private OpenedOutput() { }

    internal IReadOnlyList<Part> Parts => _parts;

    /// <param name="folder">Of the outputs.</param>
    /// <param name="id">Of a deployment that has ended.</param>
    /// <returns>Without a part where there is no file.</returns>
    internal static OpenedOutput Open(string folder, string id)
    {
        var output = new OpenedOutput();
        output.Add(Path.Join(folder, NameOf(id)));
        return output;
    }

    /// <summary>Of one that may be written. It looks through the whole folder.</summary>
    internal static OpenedOutput OpenGrowing(string folder, string id)
    {
        var output = new OpenedOutput();
        try
        {
            // Segments go when they are joined to the first half, so they are opened before it. The framework's pattern gives
            // the first half, too.
            foreach (
                var path in Directory
                    .EnumerateFiles(folder, $"{NameOf(id)}.*")
                    .Where(path => Path.GetFileName(path) != NameOf(id))
                    .Order(StringComparer.Ordinal)
            )
            {
                output.Add(path);
            }

            output.Add(Path.Join(folder, NameOf(id)));
            return output;
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    /// <summary>As long as it is short.</summary>
    internal static OpenedOutput OpenShort(string folder, string id)
    {
        var output = new OpenedOutput();
        foreach (var path in Directory.EnumerateFiles(folder, ShortOutputs.Prefix + "*"))
        {
            try
            {
                if (ShortOutput.Read(path) is var (owner, bytes) && owner == id)
                {
                    output._parts.Add(Part.Of(NameOf(id), bytes));
                }
            }
            catch (FileNotFoundException)
            {
                // Given back meanwhile.
            }
        }

        return output;
    }

    internal static OpenedOutput Of(string id, string text)
    {
        var output = new OpenedOutput();
        output._parts.Add(Part.Of(NameOf(id), Encoding.UTF8.GetBytes(text)));
        return output;
    }

    public void Dispose()
    {
        foreach (var part in _parts)
        {
            part.Dispose();
        }
    }

    private static string NameOf(string id) => id + Extension;

    private void Add(string path)
    {
        if (RegularFile.Open(path, out _) is { } file)
        {
            _parts.Add(new Part(Path.GetFileName(path), file, RandomAccess.GetLength(file)));
        }
    }

    /// <summary>One of the files.</summary>
    /// <param name="name">Without its folder.</param>
    internal sealed class Part(string name, SafeFileHandle? file, long length) : IDisposable
    {
        private readonly byte[] _bytes = [];

        private Part(string name, byte[] bytes)
            : this(name, file: null, bytes.Length) => _bytes = bytes;

        internal string Name => name;

        internal long Length => length;

        internal static Part Of(string name, byte[] bytes) => new(name, bytes);

        /// <returns>0 at the end.</returns>
        internal int Read(Span<byte> into, long offset)
        {
            var wanted = (int)Math.Min(into.Length, length - offset);
            if (file is not null)
            {
                return RandomAccess.Read(file, into[..wanted], offset);
            }

            _bytes.AsSpan((int)offset, wanted).CopyTo(into);
            return wanted;
        }

        public void Dispose() => file?.Dispose();
    }
}
