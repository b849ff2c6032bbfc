using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>What a server has still to tell.</summary>
internal static class WaitingOutbox
{
    /// <summary>Until nothing waits.</summary>
    /// <returns>The outbox of then.</returns>
    internal static async Task<JsonElement> EmptyAsync(RunningServer server)
    {
        JsonElement outbox = default;
        await Eventually.IsTrueAsync(
            async () =>
            {
                outbox = (await server.AskAsync("/outbox")).Json;
                return outbox.GetProperty("waiting").GetArrayLength() == 0 ? 1 : 0;
            },
            1,
            "nothing waits to be told"
        );
        return outbox;
    }

    /// <summary>Until one of <c>waiting</c> or <c>notTold</c> says why.</summary>
    internal static Task SaysAsync(RunningServer server, string where, string why) =>
        Eventually.IsTrueAsync(
            async () =>
                (await server.AskAsync("/outbox"))
                    .Json.GetProperty(where)
                    .EnumerateArray()
                    .Count(one => one.TryGetProperty("reason", out var reason) && reason.GetString() == why),
            1,
            $"it says: {why}"
        );
}
