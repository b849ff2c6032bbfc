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

    [Function("Metrics")]
    public Task MetricsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "metrics")] HttpRequest request
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

    [Function("DeploymentApprove")]
    public Task DeploymentApproveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "deployments/{id}/approve")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("DeploymentReject")]
    public Task DeploymentRejectAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "deployments/{id}/reject")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("ServicePause")]
    public Task ServicePauseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "services/{name}/pause")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("ServiceResume")]
    public Task ServiceResumeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "services/{name}/resume")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("ServiceList")]
    public Task ServiceListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "services")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("DeliveryList")]
    public Task DeliveryListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "services/{name}/deliveries")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("ServiceRollback")]
    public Task ServiceRollbackAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "services/{name}/rollback")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("Audit")]
    public Task AuditAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit")] HttpRequest request) =>
        routes.HandleAsync(request.HttpContext);

    [Function("Machines")]
    public Task MachinesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "machines")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("MachineRemove")]
    public Task MachineRemoveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "machines/{name}")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("Outbox")]
    public Task OutboxAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "outbox")] HttpRequest request) =>
        routes.HandleAsync(request.HttpContext);

    [Function("Page")]
    public Task PageAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/")] HttpRequest request) =>
        routes.HandleAsync(request.HttpContext);

    [Function("PageAssets")]
    public Task PageAssetsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/assets/{name}")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageAudit")]
    public Task PageAuditAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/audit")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageChanges")]
    public Task PageChangesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/events")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageDeploy")]
    public Task PageDeployAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/deploy/{service}")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageDeployment")]
    public Task PageDeploymentAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/deployments/{id}")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageDeploymentAgain")]
    public Task PageDeploymentAgainAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/deployments/{id}/again")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageDeploymentBack")]
    public Task PageDeploymentBackAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/deployments/{id}/back")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageDeploymentEvents")]
    public Task PageDeploymentEventsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/deployments/{id}/events")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageDeploymentLines")]
    public Task PageDeploymentLinesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/deployments/{id}/lines")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageDeploymentRaw")]
    public Task PageDeploymentRawAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/deployments/{id}/raw")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageDeploymentSearch")]
    public Task PageDeploymentSearchAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/deployments/{id}/search")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageDeployments")]
    public Task PageDeploymentsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/deployments")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageMachines")]
    public Task PageMachinesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/machines")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageQueue")]
    public Task PageQueueAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/queue")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageServer")]
    public Task PageServerAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/server")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageService")]
    public Task PageServiceAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ui/services/{name}")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageSignIn")]
    public Task PageSignInAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "ui/sign-in")] HttpRequest request
    ) => routes.HandleAsync(request.HttpContext);

    [Function("PageSignOut")]
    public Task PageSignOutAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "ui/sign-out")] HttpRequest request
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
