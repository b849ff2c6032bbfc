using ThinDeployer.Deployments;

namespace ThinDeployer.Http;

/// <summary>
/// A call that was given to the queue, as far as its answer needs it. It holds no body: an answer may wait for its
/// deployment for hours, and the record has the body.
/// </summary>
/// <param name="Delivery">Null where none is kept.</param>
/// <param name="AnswersAtOnce">Unless the client says otherwise.</param>
internal sealed record Entered(
    string Service,
    DeploymentPlan Plan,
    QueueAnswer Answer,
    Delivery? Delivery,
    bool AnswersAtOnce
);
