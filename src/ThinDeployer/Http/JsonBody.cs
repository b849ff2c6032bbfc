using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.ObjectPool;

namespace ThinDeployer.Http;

/// <summary>The body of an answer while it is written. Bodies are used again, each by one answer at a time.</summary>
internal sealed class JsonBody : IDisposable
{
    /// <summary>One that has grown beyond this is not kept. Bytes.</summary>
    private const int KeptCapacity = 64 * 1024;

    private static readonly ObjectPool<JsonBody> Pool = new DefaultObjectPool<JsonBody>(new Policy());

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _writer;

    private JsonBody() => _writer = new Utf8JsonWriter(_bytes, Answers.WriterOptions);

    /// <summary>Good until this is disposed of.</summary>
    internal ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    internal static JsonBody Of<T>(T answer, JsonTypeInfo<T> type)
    {
        var body = Pool.Get();
        JsonSerializer.Serialize(body._writer, answer, type);
        return body;
    }

    public void Dispose() => Pool.Return(this);

    private sealed class Policy : IPooledObjectPolicy<JsonBody>
    {
        public JsonBody Create() => new();

        public bool Return(JsonBody body)
        {
            body._bytes.ResetWrittenCount();
            body._writer.Reset();
            return body._bytes.Capacity <= KeptCapacity;
        }
    }
}
