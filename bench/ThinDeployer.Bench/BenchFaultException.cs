namespace ThinDeployer.Bench;

/// <summary>Something was not as it must be, so that a figure would be worth nothing.</summary>
internal sealed class BenchFaultException(string message) : Exception(message);
