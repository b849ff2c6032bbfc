using ThinDeployer.Otlp;

namespace ThinDeployer.Tests.Otlp;

public sealed class OtlpNamesTests
{
    [Theory]
    [InlineData("cicd_pipeline_run_duration_seconds", "cicd.pipeline.run.duration", "s")]
    [InlineData("cicd_pipeline_run_errors_total", "cicd.pipeline.run.errors", "{error}")]
    [InlineData("thindeployer_deployments_total", "thindeployer.deployments", "")]
    [InlineData("thindeployer_queue_oldest_seconds", "thindeployer.queue_oldest", "s")]
    [InlineData("thindeployer_database_bytes", "thindeployer.database", "By")]
    [InlineData("thindeployer_last_deployment_success", "thindeployer.last_deployment_success", "")]
    [InlineData("process_resident_memory_bytes", "process.memory.usage", "By")]
    [InlineData("process_cpu_seconds_total", "process.cpu.time", "s")]
    [InlineData("process_max_fds", "process.max_fds", "")]
    public void A_family_has_the_name_of_the_conventions_with_its_unit_beside_it(
        string family,
        string name,
        string unit
    )
    {
        var known = OtlpNames.Of(family);

        Assert.Equal((name, unit), (known.Name, known.Unit));
    }

    [Theory]
    [InlineData("cicd_pipeline_run_state", "cicd.pipeline.run.state")]
    [InlineData("error_type", "error.type")]
    [InlineData("service", "service")]
    public void So_has_a_label(string label, string name) => Assert.Equal(name, OtlpNames.OfLabel(label));
}
