using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ThinDeployer.Http;

/// <summary>Reads the text fields of <c>multipart/form-data</c> (RFC 7578); files are passed over.</summary>
internal static class MultipartFields
{
    /// <summary>Parts of one body.</summary>
    private const int MaximumParts = 1_000;

    /// <summary>Characters (RFC 2046, section 5.1.1).</summary>
    private const int MaximumBoundary = 70;

    /// <param name="body">An array or a part of one; it stays as it is, because the values are parts of it.</param>
    /// <param name="boundary">Without quotes.</param>
    /// <param name="into">Takes what is found.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal static async Task ReadAsync(
        ReadOnlyMemory<byte> body,
        string boundary,
        ArgumentCollection into,
        CancellationToken cancellationToken
    )
    {
        if (boundary.Length is 0 or > MaximumBoundary)
        {
            into.IsWellFormed = false;
            return;
        }

        try
        {
            var reader = new MultipartReader(boundary, StreamOf(body));
            for (var parts = 0; await reader.ReadNextSectionAsync(cancellationToken) is { } part; parts++)
            {
                if (parts == MaximumParts)
                {
                    into.IsWellFormed = false;
                    return;
                }

                await ReadPartAsync(part, body, into, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            into.IsWellFormed = false;
        }
    }

    private static async Task ReadPartAsync(
        MultipartSection part,
        ReadOnlyMemory<byte> body,
        ArgumentCollection into,
        CancellationToken cancellationToken
    )
    {
        if (
            !ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
            || disposition.IsFileDisposition()
        )
        {
            return;
        }

        var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
        await part.Body.CopyToAsync(Stream.Null, cancellationToken);

        // Known, because the whole can be gone through again; its length is known once it was read.
        var start = (int)part.BaseStreamOffset!.Value;
        var place = start..(start + (int)part.Body.Length);
        if (name == "token")
        {
            into.TokenPlaces.Add(place);
        }

        into.Add(Encoding.UTF8.GetBytes(name), body[place]);
    }

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var bytes)
            ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : throw new ArgumentException("The body is no array.", nameof(body));
}
