namespace ThinDeployer.Shell;

/// <summary>What a placeholder stands for in one deployment.</summary>
/// <param name="Text">Valid UTF-16 without NUL.</param>
/// <param name="IsDefault">Whether it is the operator's own text from <c>vars:</c>, not a request's.</param>
internal readonly record struct PlaceholderValue(string Text, bool IsDefault);
