using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;

namespace ThinDeployer.Http;

/// <summary><c>/services/{name}/deliveries</c>: what came in for a service, and what was decided.</summary>
internal sealed class DeliveriesEndpoint(ViewerDoor door, CurrentConfiguration current)
{
    internal Task ListAsync(HttpContext context, string name) =>
        door.OpenAsync(
            context,
            (desk, viewer, _) =>
                viewer.MaySee(name) && current.Snapshot.Services.ContainsKey(name)
                    ? context.AnswerAsync(
                        StatusCodes.Status200OK,
                        new DeliveryListJson([.. desk.Deliveries(name).Select(DeliveryJson.Of)]),
                        Answers.Json.DeliveryListJson
                    )
                    : context.AnswerAsync(StatusCodes.Status404NotFound, "Cannot find service", name)
        );
}
