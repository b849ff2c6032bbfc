using NLog.Targets;

namespace ThinDeployer.Logging;

/// <summary>A log file for its owner only, rotated ones included. One that is there already keeps its mode.</summary>
internal sealed class OwnerFileTarget() : FileTarget("file")
{
    protected override Stream CreateFileStream(string filePath, int bufferSize) =>
        new FileStream(
            filePath,
            new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = bufferSize,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
}
