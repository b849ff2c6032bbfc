using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ThinDeployer.Http;

namespace ThinDeployer.Functions;

/// <summary>
/// One function for each route of the core. The host tries them in the order of their names, ignoring case, so the one
/// that takes everything else has the last name. Authorization is the core's: the host's keys would be a second lock.
/// </summary>
public sealed class HttpFunctions(RouteTable routes)
{
    /// <summary>Route <c>/</c> would break every function of the worker, and an empty one become the function's name.</summary>
    [Function("Hello")]
    public Task HelloAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{root:maxlength(0)?}")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("Deploy")]
    public Task DeployAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "deploy/{service}")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("HealthCheck")]
    public Task HealthCheckAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "technical/healthcheck")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("Live")]
    public Task LiveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "technical/live")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("Ready")]
    public Task ReadyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "technical/ready")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("DeploymentList")]
    public Task DeploymentListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "deployments")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("DeploymentState")]
    public Task DeploymentStateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "deployments/{id}")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("DeploymentLog")]
    public Task DeploymentLogAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "deployments/{id}/log")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("DeploymentCancel")]
    public Task DeploymentCancelAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "deployments/{id}/cancel")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("DeploymentRerun")]
    public Task DeploymentRerunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "deployments/{id}/rerun")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("ServiceList")]
    public Task ServiceListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "services")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("DeliveryList")]
    public Task DeliveryListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "services/{name}/deliveries")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    /// <summary>Answers 404 and 405 as the standalone server does: for any other path, and for any other method.</summary>
    [Function("ZAnythingElse")]
    public Task AnythingElseAsync(
        [HttpTrigger(
            AuthorizationLevel.Anonymous,
            "get",
            "post",
            "put",
            "patch",
            "delete",
            "head",
            "options",
            "trace",
            Route = "{*path}"
        )]
            HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);
}
