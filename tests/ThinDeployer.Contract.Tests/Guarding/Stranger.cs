using System.Net;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Guarding;

/// <summary>A client with an address of this machine that no other test has.</summary>
internal sealed class Stranger(RunningServer server)
{
    private static int _last;

    /// <summary>Of 127.0.0.0/8, all of which is this machine.</summary>
    internal IPAddress Address { get; } = Next();

    internal Task<Answer> GetAsync(string target, params (string Name, string Value)[] headers) =>
        SendRawAsync(RawRequest.Get(target, [.. headers.Select(header => $"{header.Name}: {header.Value}")]));

    internal Task<Answer> TryAsync(string service, string token) =>
        GetAsync($"/deploy/{service}", ("X-Auth-Token", token));

    internal async Task<IReadOnlyList<int>> TryAsync(string service, string token, int times)
    {
        var statuses = new int[times];
        for (var i = 0; i < times; i++)
        {
            statuses[i] = (await TryAsync(service, token)).Status;
        }

        return statuses;
    }

    internal async Task<RawHttp> ConnectAsync() => await RawHttp.ConnectAsync(server.Address, Address);

    /// <summary>As it stands on the wire.</summary>
    internal async Task<Answer> SendRawAsync(string request)
    {
        await using var connection = await ConnectAsync();
        await connection.SendAsync(request);
        return await connection.ReadAnswerAsync();
    }

    private static IPAddress Next()
    {
        var number = Interlocked.Increment(ref _last);
        return new IPAddress([127, 1, (byte)(number / 256), (byte)(number % 256)]);
    }
}
