using System.Text;
using System.Text.Json;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>An answer of the server, read to its end.</summary>
/// <param name="Headers">By name, in any case; those of one name are joined by a comma.</param>
public sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    public string Text => StrictUtf8.GetString(Bytes);

    /// <summary>The body, which must be JSON and say so.</summary>
    public JsonElement Json
    {
        get
        {
            Assert.StartsWith("application/json", Header("Content-Type"), StringComparison.Ordinal);
            using var document = JsonDocument.Parse(Bytes);
            return document.RootElement.Clone();
        }
    }

    public string Message => Json.GetProperty("message").GetString()!;

    public string Output => Json.GetProperty("output").GetString()!;

    /// <summary>The lines of <see cref="Output"/>, without empty ones.</summary>
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What the steps printed: no line of ours in front.</summary>
    public string[] Printed =>
        [
            .. OutputLines.Where(line =>
                !line.StartsWith(" # ", StringComparison.Ordinal) && !line.StartsWith(" > ", StringComparison.Ordinal)
            ),
        ];

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    // What an assertion that fails shows.
    public override string ToString() => $"{Status} {Encoding.UTF8.GetString(Bytes)}";
}
