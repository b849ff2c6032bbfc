using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Leaking;

/// <summary>That a secret which a step prints, or which stands in a command, is shown and kept nowhere.</summary>
public abstract class MaskingContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Password = "correct-horse-battery";
    private const string HealthToken = "the-health-token-of-these-tests";
    private const string AdminToken = "the-admin-token-of-these-tests";

    private static readonly string[] Secrets =
    [
        Password,
        "MIIEvQIBADANBg",
        "kqhkiG9w0BAQEF",
        ServiceYaml.Token,
        HealthToken,
        AdminToken,
    ];

    private const string Environment =
        "environment: {DB_PASSWORD: {secret: "
        + Password
        + "}, KEY: {secret: \"MIIEvQIBADANBg\\nkqhkiG9w0BAQEF\\n\"}, STAGE: production}";

    private static string Service(string name, params string[] commands) =>
        ServiceYaml.With(name, Environment, commands);

    protected override string Configuration =>
        Service("in-one", "echo \"it is $DB_PASSWORD.\"")
        + Service("in-two", "printf '[correct-horse'; printf '%s' '-battery]'")
        + Service("byte-by-byte", "for c in c o r r e c t - h o r s e - b a t t e r y; do printf $c; done")
        + Service("traced", "set -x; test -n \"$DB_PASSWORD\"")
        + Service("of-lines", "printf '%s' \"$KEY\"")
        + Service("of-windows-lines", "printf '%s' \"$KEY\" | sed 's/$/\\r/'")
        + Service("in-a-command", $"echo {ServiceYaml.Token} | wc -c")
        + Service("of-the-server", $"echo {HealthToken} {AdminToken}")
        + Service("failing", $"echo {ServiceYaml.Token} >&2; exit 3")
        + Service("waiting", "printf 'ready correct-hor'; until test -e go; do sleep 0.01; done")
        + ServiceYaml.With(
            "hooked",
            Environment + ", on_failure: ['echo \"$DB_PASSWORD, $DEPLOYMENT_FAILED_STEP\"']",
            $": {ServiceYaml.Token}; exit 1"
        )
        + ServiceYaml.With(
            "ruled",
            $"{Environment}, variables: {{tag: {{argument: tag, pattern: '{Password}|v1'}}}}",
            "true"
        );

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return new Dictionary<string, string>
        {
            ["HC_TOKEN"] = HealthToken,
            ["THIN_DEPLOYER_ADMIN_TOKEN"] = AdminToken,
            ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = workspace.At("server.log"),
        };
    }

    public static TheoryData<string, string> Printed =>
        new()
        {
            { "in-one", "it is ***.\n" },
            { "in-two", "\n[***]" },
            { "byte-by-byte", "\n***" },
            { "traced", "+ test -n ***\n" },
            { "of-lines", "\n***\n***\n" },
            { "of-windows-lines", "\n***\r\n***\r\n" },
            { "in-a-command", " > echo *** | wc -c\n25\n" },
            { "of-the-server", " > echo *** ***\n*** ***\n" },
            { "failing", "\n***\nCommand \"echo *** >&2; exit 3\" failed with exit code 3\n" },
            { "hooked", "\n***, : ***; exit 1\n" },
        };

    [Theory]
    [MemberData(nameof(Printed))]
    public async Task No_way_to_an_output_shows_a_secret(string service, string shown)
    {
        var answer = await Server.DeployAsync(service);
        var id = answer.Json.GetProperty("id").GetString()!;
        var streamed = await Server.StreamAsync(service);
        var (text, _) = await streamed.RestAsync();
        await using var events = await Server.FollowAsync(id);
        var told = await events.AllAsync();
        string[] ways =
        [
            answer.Output,
            text,
            (await Server.AskAsync($"/deployments/{id}/log")).Text,
            (await Server.AskAsync($"/deployments/{id}/log?follow=true")).Text,
            string.Concat(told.Select(one => one.Text)),
        ];

        Assert.All(ways, way => Assert.Contains(shown, way, StringComparison.Ordinal));
        Assert.All(ways, HasNoSecret);
        HasNoSecret(answer.ToString());
        Assert.All(told, one => HasNoSecret(one.Data.ToString()));
        HasNoSecret((await Server.AskAsync($"/deployments/{id}")).ToString());
        Assert.Equal(
            Encoding.UTF8.GetByteCount(answer.Output),
            (await Server.AskAsync($"/deployments/{id}")).Json.GetProperty("outputBytes").GetInt32()
        );
    }

    [Fact]
    public async Task Neither_history_nor_services_show_a_secret()
    {
        await Server.DeployAsync("in-a-command");

        var history = (await Server.AskAsync("/deployments")).ToString();
        var services = (await Server.AskAsync("/services")).ToString();

        HasNoSecret(history);
        HasNoSecret(services);
        Assert.Contains("echo *** | wc -c", history, StringComparison.Ordinal);
        Assert.Contains("echo *** | wc -c", services, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_sender_says_of_itself_shows_no_secret()
    {
        // Of its own, because the record keeps a body as it came.
        await using var server = await StartOwnAsync(Service("in-one", "true"));
        var body = $$"""
            {"ref": "refs/heads/{{Password}}", "after": "{{ServiceYaml.Token}}", "sender": {"login": "{{Password}}"},
             "head_commit": {"message": "Use {{Password}} now", "url": "https://example.org/{{Password}}"} }
            """;
        (string, string)[] headers =
        [
            ("X-Auth-Token", ServiceYaml.Token),
            ("X-GitHub-Event", "push"),
            ("X-GitHub-Delivery", Password),
        ];
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var again = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await server.SendAsync(HttpMethod.Post, "/deploy/in-one", content, headers);

        var shown = await server.AskAsync(answer.Header("Location")!);
        var repeated = await server.SendAsync(HttpMethod.Post, "/deploy/in-one", again, headers);

        HasNoSecret(shown.Text);
        var trigger = shown.Json.GetProperty("trigger");
        Assert.Equal("refs/heads/***", trigger.GetProperty("ref").GetString());
        Assert.Equal("Use *** now", trigger.GetProperty("commitSubject").GetString());
        Assert.False(trigger.TryGetProperty("commitUrl", out _));
        Assert.Equal(answer.Header("Location"), repeated.Header("Location"));
    }

    [Fact]
    public async Task What_is_wrong_with_a_value_is_said_without_a_secret()
    {
        var answer = await Server.DeployAsync("ruled?tag=v2");

        Assert.Equal(400, answer.Status);
        Assert.Contains("its pattern is ***|v1", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ranges_of_a_log_count_what_is_shown()
    {
        var id = (await Server.DeployAsync("in-one")).Json.GetProperty("id").GetString();
        var log = await Server.AskAsync($"/deployments/{id}/log");

        var end = await Server.GetAsync(
            $"/deployments/{id}/log",
            ("X-Auth-Token", ServiceYaml.Token),
            ("Range", "bytes=-12")
        );

        Assert.Equal((206, "\nit is ***.\n"), (end.Status, end.Text));
        Assert.Equal(
            $"bytes {log.Bytes.Length - 12}-{log.Bytes.Length - 1}/{log.Bytes.Length}",
            end.Header("Content-Range")
        );
    }

    [Fact]
    public async Task Only_what_may_become_a_secret_waits_for_what_comes()
    {
        await using var log = await Server.StreamAsync("waiting");

        var before = await log.TextUntilAsync("\nready ");
        Server.Workspace.TouchSite("go");
        var (after, isWhole) = await log.RestAsync();

        Assert.EndsWith("\nready ", before, StringComparison.Ordinal);
        Assert.StartsWith("correct-hor\n", after, StringComparison.Ordinal);
        Assert.True(isWhole);
    }

    [Fact]
    public async Task Neither_the_data_folder_nor_the_log_holds_a_secret()
    {
        foreach (var row in Printed)
        {
            await Server.DeployAsync((string)row[0]);
        }

        await Server.GetAsync("/technical/healthcheck", ("X-Auth-Token", HealthToken));
        await Server.GetAsync("/last-of-all", ("X-Auth-Token", AdminToken));
        var file = Server.Workspace.At("server.log");
        await Eventually.IsTrueAsync(
            () => File.ReadAllText(file).Contains("/last-of-all", StringComparison.Ordinal),
            "the last request was logged"
        );

        string[] files = [file, .. Directory.GetFiles(Server.Workspace.Data, "*", SearchOption.AllDirectories)];
        var texts = files
            .Where(path => Path.GetFileName(path) != "lock")
            .Select(path => (path, Bytes: Read(path)))
            .ToList();
        Assert.Contains(texts, text => Path.GetFileName(text.path) == "deployments.db-wal" && text.Bytes.Length > 0);
        Assert.Contains(texts, text => text.Bytes.Contains("it is ***", StringComparison.Ordinal));
        Assert.All(texts, text => HasNoSecret(text.Bytes));
        HasNoSecret(Server.Program.Transcript);
    }

    [Fact]
    public async Task A_chat_is_told_no_secret()
    {
        await using var chat = await WebhookReceiver.StartAsync();
        var keys = $"{Environment}, use_notification: true, notification_webhook_url: '{chat.Url}'";
        await using var server = await StartOwnAsync(
            ServiceYaml.With("loud", keys, $"echo \"$DB_PASSWORD {ServiceYaml.Token}\"; exit 1")
        );

        await server.DeployAsync("loud");

        await Eventually.IsTrueAsync(() => chat.Messages.Count > 0, "the message came");
        var text = Assert.Single(chat.Messages).GetProperty("text").GetString()!;
        HasNoSecret(text);
        Assert.Contains("\n*** ***\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_request_s_headers_say_is_logged_and_kept_nowhere()
    {
        string[] headers =
        [
            "Authorization: Basic dXNlcjpoZWFkZXItc2VjcmV0",
            "Cookie: session=header-secret",
            "X-Auth-Token: header-secret-that-is-wrong",
            "X-Hub-Signature-256: sha256=header-secret",
            "X-Custom: header-secret",
            "Referer: http://header-secret/",
        ];

        var refused = await Server.SendRawAsync(RawRequest.Get("/deploy/in-one", headers));
        var admitted = await Server.SendRawAsync(
            RawRequest.Get(
                $"/deploy/in-one?token={ServiceYaml.Token}",
                [.. headers.Where(one => one[0] != 'X'), headers[4]]
            )
        );
        await Server.GetAsync("/last-of-headers");

        await Eventually.IsTrueAsync(
            () => Read(Server.Workspace.At("server.log")).Contains("/last-of-headers", StringComparison.Ordinal),
            "the last request was logged"
        );
        string[] kept = [Server.Workspace.At("server.log"), .. Directory.GetFiles(Server.Workspace.Data, "*.db*")];
        Assert.Equal((403, 202), (refused.Status, admitted.Status));
        Assert.All(
            [refused.ToString(), admitted.ToString(), Server.Program.Transcript, .. kept.Select(Read)],
            text =>
            {
                Assert.DoesNotContain("header-secret", text, StringComparison.Ordinal);
                Assert.DoesNotContain("dXNlcjpoZWFkZXItc2VjcmV0", text, StringComparison.Ordinal);
            }
        );
    }

    private static void HasNoSecret(string text) =>
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));

    /// <summary>Each byte as one character, so that nothing hides between others.</summary>
    private static string Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return Encoding.Latin1.GetString(bytes.ToArray());
    }
}
