namespace ThinDeployer.Steps;

/// <summary>What an address must answer.</summary>
/// <param name="Address">Of HTTP or HTTPS.</param>
/// <param name="Written">The address as the configuration has it, nothing of it filled in: it may be shown.</param>
/// <param name="Status">Of the answer.</param>
/// <param name="Text">That stands in the beginning of its body; null for whatever stands there.</param>
internal sealed record UrlCheck(Uri Address, string Written, int Status, string? Text);
