using System.Text.Json;

namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>What <c>local.settings.example.json</c> proposes to somebody who tries the app.</summary>
public sealed class LocalSettingsTests
{
    private static readonly JsonElement Settings = RepositoryFile.Json("local.settings.example.json");

    private static readonly Dictionary<string, JsonElement> Values = Settings
        .GetProperty("Values")
        .EnumerateObject()
        .ToDictionary(value => value.Name, value => value.Value);

    [Fact]
    public void It_can_be_read_and_edited()
    {
        Assert.False(Settings.GetProperty("IsEncrypted").GetBoolean());
    }

    [Theory]
    [InlineData("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated")]
    [InlineData("FUNCTIONS_WORKER_PROCESS_COUNT", "1")]
    public void One_worker_of_the_right_kind_is_started(string name, string value)
    {
        Assert.Equal(value, Values[name].GetString());
    }

    [Theory]
    [InlineData("AzureWebJobsStorage")]
    [InlineData("AzureWebJobsSecretStorageType")]
    public void The_host_has_no_keys_that_could_open_its_administration(string name)
    {
        Assert.DoesNotContain(name, Values.Keys);
    }

    [Fact]
    public void Every_value_is_text_because_the_tools_take_nothing_else()
    {
        Assert.All(Values.Values, value => Assert.Equal(JsonValueKind.String, value.ValueKind));
    }

    [Fact]
    public void No_token_is_given_that_somebody_could_leave_as_it_is()
    {
        Assert.All(
            Values.Where(value => value.Key.Contains("TOKEN", StringComparison.Ordinal)),
            value => Assert.Equal("", value.Value.GetString())
        );
    }

    [Fact]
    public void Every_setting_of_ours_is_one_that_is_read()
    {
        var ours = Values.Keys.Where(name =>
            name.StartsWith("THIN_DEPLOYER_", StringComparison.Ordinal)
            || name.StartsWith("HC_", StringComparison.Ordinal)
        );

        Assert.NotEmpty(ours);
        Assert.Subset(SettingNames.All.ToHashSet(), ours.ToHashSet());
    }
}
