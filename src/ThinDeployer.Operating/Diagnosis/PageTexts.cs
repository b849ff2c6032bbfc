using Microsoft.Extensions.DependencyInjection;
using ThinDeployer.Configuration;
using ThinDeployer.Pages;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>Lets the page of a server show what the commands of an operator say.</summary>
public static class PageTexts
{
    /// <summary>Adds them; a host without them shows none.</summary>
    public static IServiceCollection AddPageTexts(this IServiceCollection services) =>
        services.AddSingleton(provider => new OperatorTexts(
            service => new Explanation(service, TimeProvider.System).ToText(),
            () => ExamineAsync(provider.GetRequiredService<ServerSettings>())
        ));

    private static async Task<IReadOnlyList<Examined>> ExamineAsync(ServerSettings settings)
    {
        var findings = await Doctor.ExamineAsync(settings, RunningServer.This());
        return
        [
            .. findings.Select(finding => new Examined(
                finding.Weight.ToString().ToLowerInvariant(),
                finding.What,
                finding.Text,
                finding.Cure
            )),
        ];
    }
}
