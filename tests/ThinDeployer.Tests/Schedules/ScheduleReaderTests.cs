using System.Text;
using ThinDeployer.Configuration;
using ThinDeployer.Schedules;

namespace ThinDeployer.Tests.Schedules;

/// <summary>What a configuration may say of schedules, and what it is told where that is wrong.</summary>
public sealed class ScheduleReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0 3 * * *", "0 3 * * *")]
    [InlineData("  0\t3  * * *  ", "0 3 * * *")]
    [InlineData("*/5 8-18 * * MON-FRI", "*/5 8-18 * * MON-FRI")]
    [InlineData("0 0 L * *", "0 0 L * *")]
    [InlineData("0 0 29 2 *", "0 0 29 2 *")]
    [InlineData("@daily", "@daily")]
    [InlineData("@hourly", "@hourly")]
    [InlineData("@weekly", "@weekly")]
    [InlineData("@monthly", "@monthly")]
    [InlineData("@yearly", "@yearly")]
    public void These_are_crons(string written, string read) => Assert.Equal((read, null), CronText.Read(written));

    [Theory]
    [InlineData("0 3 * *", "must have 5 fields, not 4: minute, hour, day of the month, month, day of the week")]
    [InlineData("0 0 3 * * *", "seconds are not known")]
    [InlineData("60 3 * * *", "has a minute that is none; write 0 to 59")]
    [InlineData("0 24 * * *", "has a hour that is none; write 0 to 23")]
    [InlineData("0 3 0 * *", "has a day of the month that is none; write 1 to 31")]
    [InlineData("0 3 * 13 *", "has a month that is none; write 1 to 12")]
    [InlineData("0 3 * * MOO", "has a day of the week that is none; write 0 (Sunday) to 7")]
    [InlineData("H 3 * * *", "has a minute that is none")]
    [InlineData("-1 3 * * *", "has a minute that is none")]
    [InlineData("٣ 3 * * *", "has a minute that is none")]
    [InlineData("*/0 3 * * *", "has a minute that is none")]
    [InlineData("0 0 31 2 *", "names a day that never comes")]
    [InlineData("@reboot", "knows the words @hourly, @daily, @weekly, @monthly, @yearly and no others")]
    [InlineData("@every_minute", "knows the words")]
    [InlineData("@Daily", "knows the words")]
    [InlineData("every day", "must have 5 fields, not 2")]
    public void These_are_none(string written, string fault)
    {
        var (text, found) = CronText.Read(written);

        Assert.Null(text);
        Assert.Contains(fault, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schedule: {}", "13: shop: \"schedule\" must be a list, not a map")]
    [InlineData("schedule: [daily]", "14: shop: an entry of \"schedule\" must be a map")]
    [InlineData("schedule: [{}]", "14: shop: \"cron\" is missing")]
    [InlineData("schedule: [{cron: }]", "21: shop: \"cron\" is missing")]
    [InlineData("schedule: [{cron: 1 2 3}]", "21: shop: \"cron\" must have 5 fields, not 3")]
    [InlineData("schedule: [{cron: '@daily', zone: UTC}]", "31: shop: unknown key \"zone\"")]
    [InlineData(
        "schedule: [{cron: '@daily', time_zone: Europe/Berlim}]",
        "42: shop: \"time_zone\" must be the name of a time zone; did you mean \"Europe/Berlin\"?"
    )]
    [InlineData(
        "schedule: [{cron: '@daily', time_zone: Central European Standard Time}]",
        "42: shop: \"time_zone\" must be the name of a time zone, such as Europe/Berlin, or UTC"
    )]
    [InlineData("schedule: [{cron: '@daily', time_zone: europe/berlin}]", "42: shop: \"time_zone\" must be")]
    [InlineData("schedule: [{cron: '@daily', time_zone: right/Europe/Berlin}]", "42: shop: \"time_zone\" must be")]
    [InlineData(
        "schedule: [{cron: '@daily', time_zone: ../zoneinfo/Europe/Berlin}]",
        "42: shop: \"time_zone\" must be"
    )]
    [InlineData("schedule: [{cron: '@daily', missed: twice}]", "39: shop: \"missed\" must be one of: run, skip")]
    [InlineData(
        "schedule: [{cron: '@daily'}, {cron: '@daily', missed: skip}]",
        "32: shop: the same stands at line 5 already"
    )]
    [InlineData(
        "schedule: [{cron: '@daily', variables: {brach: x}}]",
        "50: shop: \"variables\" of \"schedule\" names \"brach\", which is in no placeholder of its commands; did you mean \"branch\"?"
    )]
    [InlineData(
        "schedule: [{cron: '@daily', variables: {branch: -x}}]",
        "51: shop: The argument \"branch\" must not begin with \"-\""
    )]
    [InlineData(
        "schedule: [{cron: '@daily', variables: {branch: [x]}}]",
        "51: shop: \"branch\" must be a text, not a list"
    )]
    public void A_mistake_says_what_is_wrong_at_its_place(string key, string mistake)
    {
        var snapshot = Read($"{key}\n  commands: ['echo %branch%']");

        Assert.Contains(mistake, Assert.Single(snapshot.Mistakes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "14: shop: The variable \"branch\" has no value, neither here nor by a default")]
    [InlineData("{variables: {branch: Main}}", "shop: The variable \"branch\" does not match; its pattern is [a-z]+")]
    [InlineData("{variables: {branch: main, other: x}}", "names \"other\", which the service does not declare")]
    [InlineData("{variables: {branch: main, color: blue}}", "The variable \"color\" is none of its choices")]
    public void Values_must_be_right_by_the_rules_of_the_service(string entry, string mistake)
    {
        var whole = "{cron: '@daily', " + entry[1..];
        var snapshot = Read(
            $"schedule: [{whole}]\n  commands: ['echo %branch%']\n  variables: {{branch: {{argument: b, pattern: '[a-z]+'}}, "
                + "color: {json: color, choices: [red, green], default: red}}"
        );

        Assert.Contains(mistake, Assert.Single(snapshot.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_are_those_of_the_entry_and_the_defaults_of_the_rules()
    {
        var snapshot = Read(
            "schedule: [{cron: '0 3 * * *', time_zone: Europe/Berlin, missed: skip, variables: {branch: refs/heads/main}}]\n"
                + "  commands: ['echo %branch% %color%']\n"
                + "  variables: {branch: {json: ref, pattern: 'refs/heads/(.*)'}, color: {argument: c, default: red}}"
        );

        Assert.Empty(snapshot.Mistakes);
        var schedule = Assert.Single(snapshot.Services["shop"].Schedules);
        Assert.Equal(new Dictionary<string, string> { ["branch"] = "main", ["color"] = "red" }, schedule.Values);
        Assert.Equal("0 3 * * * Europe/Berlin", schedule.ToString());
        Assert.False(schedule.MakesUp);
        Assert.Equal("shop", Assert.Single(snapshot.Scheduled).Name);
    }

    [Fact]
    public void Two_days_at_once_are_warned_of()
    {
        var snapshot = Read("schedule: [{cron: '0 3 13 * FRI'}]\n  commands: [ls]");

        Assert.Empty(snapshot.Mistakes);
        Assert.Contains("both must be right", Assert.Single(snapshot.Warnings), StringComparison.Ordinal);
    }

    private ConfigurationSnapshot Read(string keys)
    {
        var yaml = $"shop:\n  token: a-token-of-sixteen-letters\n  pwd: .\n\n  {keys}\n";
        var file = _folder.Write("f.yml", Encoding.UTF8.GetBytes(yaml));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return ConfigurationReader.Read(file, _ => null, _folder.FullName);
    }
}
