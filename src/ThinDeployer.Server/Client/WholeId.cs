namespace ThinDeployer.Server.Client;

/// <summary>The id of the deployment that a person means: they may write what is enough of it, or <c>latest</c>.</summary>
internal static class WholeId
{
    /// <summary>Asks the server, unless it is a whole one: what is done next is done to that one, whatever begins meanwhile.</summary>
    /// <exception cref="ClientFailure">There is none, or several.</exception>
    internal static async Task<string> OfAsync(string written, ClientCall call) =>
        Guid.TryParseExact(written, "D", out _)
            ? written
            : (await FindAsync(written, call)).Json("id").GetProperty("id").GetString() ?? written;

    /// <summary>The id of its part on one machine, of a deployment on several.</summary>
    /// <exception cref="ClientFailure">There is none.</exception>
    internal static async Task<string> OnMachineAsync(string written, string machine, ClientCall call) =>
        DeploymentFacts
            .List((await FindAsync(written, call)).Json("id"), "machines")
            .Where(one => DeploymentFacts.Text(one, "machine") == machine)
            .Select(one => DeploymentFacts.Text(one, "id"))
            .FirstOrDefault()
        ?? throw ClientFailure.Refused($"deployment {written} has no machine {machine}");

    /// <summary>The deployment, as the server tells it.</summary>
    internal static Task<ServerAnswer> FindAsync(string written, ClientCall call)
    {
        var service = call.Parsed.GetValue(ClientCommands.LatestOf);
        return call.Questions.GetAsync(
            QueryText.Of($"deployments/{Uri.EscapeDataString(written)}", ("service", service)),
            call.CancellationToken
        );
    }
}
