using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using ThinDeployer.Fuzz.Serving;
using Xunit.Abstractions;

namespace ThinDeployer.Fuzz;

/// <summary>Whoever lingers, and with whatever, a right request from elsewhere is served.</summary>
public sealed class LingererTests(ITestOutputHelper output)
{
    private const int Addresses = 3;

    /// <summary>At once; the oldest leave for new ones.</summary>
    private const int MostAtOnce = 60;

    /// <summary>Megabytes: what is given up is garbage until it is collected, and a gigabyte comes in a second here.</summary>
    private const int MostMemory = 800;

    private const int Mebibyte = 1024 * 1024;

    private static readonly Gen<int> Sizes = Gen.Frequency(
        (4, Gen.Int[0, 300]),
        (4, Gen.Int[60_000, 70_000]),
        (2, Gen.Int[0, 22 * Mebibyte])
    );

    private static readonly Gen<Lingerer> Lingerers =
        from address in Gen.Int[1, Addresses]
        from service in Pick.Of("github", "hmac", "standard", "long", "open-signed")
        from sent in Sizes
        from rest in Gen.Int[1, 1_000]
        from framing in Pick.Of($"Content-Length: {sent + rest}", "Transfer-Encoding: chunked")
        from begins in Pick.Of("", "half", "whole", "whole", "whole", "whole")
        from drips in Gen.Bool
        let line = $"POST /deploy/{service} HTTP/1.1\r\nHost: x\r\n"
        let head = $"{line}X-Hub-Signature-256: sha256={new string('0', 64)}\r\nX-Sum: v=AAAA\r\n"
            + $"Content-Type: application/x-www-form-urlencoded\r\n{framing}\r\n\r\n"
            + (framing.StartsWith('T') ? $"{sent + rest:x}\r\n" : "")
        select begins switch
        {
            "" => new Lingerer(address, "", Sent: 0, drips),
            "half" => new Lingerer(address, line, Sent: 0, drips),
            _ => new Lingerer(address, head, sent, drips),
        };

    [Fact]
    public async Task Nobody_is_kept_out()
    {
        await using var server = await FuzzedServer.StartAsync();
        var open = new Queue<(Lingerer Who, Socket Socket)>();
        var count = 0;

        Gen.Select(Lingerers.Array[1, 10], Gen.Int[0, Mebibyte])
            .Search(
                share: 5,
                sample =>
                {
                    foreach (var lingerer in sample.Item1)
                    {
                        open.Enqueue((lingerer, lingerer.Begin(server.Address)));
                        count++;
                    }

                    Assert.Equal(202, server.Send(Right(sample.Item2), isWhole: true)!.Status);
                    LetGo(open);
                },
                threads: 1
            );

        output.WriteLine($"{count} lingered");
        await server.IsWellAsync(MostMemory);
        foreach (var (_, socket) in open)
        {
            socket.Dispose();
        }
    }

    private static void LetGo(Queue<(Lingerer Who, Socket Socket)> open)
    {
        while (open.Count > MostAtOnce)
        {
            open.Dequeue().Socket.Dispose();
        }

        foreach (var (who, socket) in open)
        {
            who.GoOn(socket);
        }
    }

    private static byte[] Right(int length)
    {
        var body = new byte[length];
        var code = Services.Hex(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Services.OpenSecret), body));
        var head =
            $"POST /deploy/{Services.OpenSigned}?a=fine HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: sha256={code}\r\n"
            + $"Content-Type: text/plain\r\nContent-Length: {length}\r\n\r\n";
        return [.. Encoding.Latin1.GetBytes(head), .. body];
    }
}
