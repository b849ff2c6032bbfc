namespace ThinDeployer.Operating.Scaffolding;

/// <summary>A service that can't be written as it is wanted; nothing was changed.</summary>
/// <param name="message">Why; a part of a sentence, or what is wrong line by line.</param>
public sealed class UnwantedServiceException(string message) : Exception(message);
