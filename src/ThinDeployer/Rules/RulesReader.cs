using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>Reads which requests a service wants, and what it takes from them.</summary>
internal static class RulesReader
{
    /// <param name="isVariableName">Whether a text may be a variable's name: what a placeholder can name.</param>
    internal static RulesSection Read(MapReader service, Func<string, bool> isVariableName) =>
        new(
            RequestPatternReader.Read(service),
            WhenReader.Read(service),
            VariablesReader.Read(service, isVariableName),
            SkipMarksReader.Read(service)
        );
}
