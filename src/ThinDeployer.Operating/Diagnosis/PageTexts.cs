using Microsoft.Extensions.DependencyInjection;
using ThinDeployer.Configuration;
using ThinDeployer.Pages;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>Lets the page of a server show what the commands of an operator say.</summary>
public static class PageTexts
{
    /// <summary>Adds them; a host without them shows none.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="transports">Lead to other machines.</param>
    public static IServiceCollection AddPageTexts(this IServiceCollection services, Transports transports) =>
        services.AddSingleton(provider => new OperatorTexts(
            service => new Explanation(service, TimeProvider.System).ToText(),
            () => ExamineAsync(provider.GetRequiredService<ServerSettings>(), transports)
        ));

    private static async Task<IReadOnlyList<Examined>> ExamineAsync(ServerSettings settings, Transports transports)
    {
        var findings = await Doctor.ExamineAsync(settings, RunningServer.This(), transports);
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
