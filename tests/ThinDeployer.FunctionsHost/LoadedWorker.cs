namespace ThinDeployer.FunctionsHost;

/// <summary>A worker that can be called.</summary>
internal sealed record LoadedWorker(Worker Worker, FunctionRoutes Routes);
