using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary><c>/services/{name}/deliveries</c>: what came in for a service, and what was decided.</summary>
internal sealed class DeliveriesEndpoint(DeskAccess access, CurrentConfiguration current) : IRouteGroup
{
    public IReadOnlyList<RouteEntry> Routes => [new("services/{name}/deliveries", ["GET"], ListAsync)];

    private Task ListAsync(HttpContext context, string name) =>
        access.OpenAsync(
            context,
            (desk, caller, _) =>
                caller.MaySee(name) && current.Snapshot.Services.ContainsKey(name)
                    ? context.AnswerAsync(
                        StatusCodes.Status200OK,
                        new DeliveryListJson([.. desk.Deliveries(name).Select(DeliveryJson.Of)]),
                        Answers.Json.DeliveryListJson
                    )
                : caller.WhyNot(name, Rights.Read) is { } whyNot ? Refusals.AnswerAsync(context, whyNot, name)
                : context.AnswerAsync(StatusCodes.Status404NotFound, "Cannot find service", name)
        );
}
