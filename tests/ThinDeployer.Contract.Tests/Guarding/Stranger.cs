using System.Globalization;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Guarding;

/// <summary>A client with an address that no other test has, as a proxy would tell it.</summary>
internal sealed class Stranger(RunningServer server, string address)
{
    private static int _last;

    /// <summary>For a server that trusts who connects to it from this machine.</summary>
    internal static IReadOnlyDictionary<string, string> BehindProxy { get; } =
        new Dictionary<string, string> { ["THIN_DEPLOYER_TRUSTED_PROXIES"] = "127.0.0.1" };

    internal string Address => address;

    internal (string Name, string Value) Forwarded => ("X-Forwarded-For", address);

    /// <summary>Of 198.18.0.0/15, which is for tests (RFC 2544).</summary>
    internal static Stranger Before(RunningServer server)
    {
        var number = Interlocked.Increment(ref _last);
        return new Stranger(
            server,
            string.Create(CultureInfo.InvariantCulture, $"198.18.{number / 256}.{number % 256}")
        );
    }

    internal Task<Answer> GetAsync(string pathAndQuery, params (string Name, string Value)[] headers) =>
        server.GetAsync(pathAndQuery, [Forwarded, .. headers]);

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

    /// <summary>As it stands on the wire.</summary>
    internal Task<Answer> SendRawAsync(string method, string target, string body, params string[] headers) =>
        server.SendRawAsync(RawRequest.Head(method, target, [$"X-Forwarded-For: {address}", .. headers]) + body);
}
