namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>The real host opens its administration to whoever has a key, and has keys once it has a place for them.</summary>
public sealed class HostKeyTests
{
    [Xunit.Theory]
    [InlineData("Dockerfile")]
    [InlineData("local.settings.example.json")]
    public void The_host_gets_no_place_for_keys(string file)
    {
        var text = RepositoryFile.Text(file);

        Assert.DoesNotContain("AzureWebJobsStorage", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("AzureWebJobsSecretStorageType", text, StringComparison.OrdinalIgnoreCase);
    }
}
