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

    internal static async Task ReadAsync(
        byte[] body,
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
            var reader = new MultipartReader(boundary, new MemoryStream(body, writable: false));
            for (var parts = 0; await reader.ReadNextSectionAsync(cancellationToken) is { } part; parts++)
            {
                if (parts == MaximumParts)
                {
                    into.IsWellFormed = false;
                    return;
                }

                await ReadPartAsync(part, into, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            into.IsWellFormed = false;
        }
    }

    private static async Task ReadPartAsync(
        MultipartSection part,
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
        using var value = new MemoryStream();
        await part.Body.CopyToAsync(value, cancellationToken);
        var length = (int)value.Length;
        if (name == "token" && part.BaseStreamOffset is { } start)
        {
            into.TokenPlaces.Add((int)start..((int)start + length));
        }

        into.Add(Encoding.UTF8.GetBytes(name), value.GetBuffer().AsSpan(0, length));
    }
}
