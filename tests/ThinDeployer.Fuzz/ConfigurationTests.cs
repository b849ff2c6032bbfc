using System.Net;
using System.Text;
using CsCheck;
using ThinDeployer.Configuration;
using ThinDeployer.Fuzz.Requests;
using ThinDeployer.Rules;
using ThinDeployer.Security;
using ThinDeployer.Shell;

namespace ThinDeployer.Fuzz;

/// <summary>Whole configurations, near to good ones: each is read or told, and what is read serves any request.</summary>
public sealed class ConfigurationTests : IDisposable
{
    /// <summary>Reading and asking takes milliseconds; the rest is for a machine that is busy with something else.</summary>
    private static readonly TimeSpan Plenty = TimeSpan.FromSeconds(8);

    private const string Good = """
        x-common: &common
          pwd: ./www
          vars: {a: one, b: ''}
          environment: {A: "${HOME:-/}", B: {secret: it-is-a-secret-of-mine}}
        shop:
          <<: *common
          token: {ci: a-token-of-a-ci-system-0123456789, me: 'sha256:0000000000000000000000000000000000000000000000000000000000000000'}
          token_header: X-Shop-Key
          allow_get: no
          signature: {sender: hmac, secret: [one-secret-0000000000, two-secret-00000000], header: X-Sum, algorithm: sha512, encoding: base64, prefix: "v="}
          when:
            all:
              - {header: X-GitHub-Event, in: [push, release]}
              - any: [{json: 'commits[0].id', matches: '^[0-9a-f]+$'}, {query: q, exists: false}]
              - not: {address: [10.0.0.0/8, '::1']}
              - {changed: ['src/**', '!**/*.md']}
          variables:
            branch: {json: ref, pattern: 'refs/heads/(\w+)', default: main}
            where: {argument: where, choices: [stage, production, ""], default: stage}
            who: {header: X-Who, allow_dash: true, default: ""}
            n: {argument: n, pattern: '[0-9]{1,3}', default: "0"}
          commands:
            - echo %branch% '%who%' "%n%"
            - {run: "./x %n%", timeout: 5m, retries: 2, retry_delay: 100ms, continue_on_error: true, pwd: .., environment: {N: x}}
          on_failure: [notify %branch%]
          timeout: 1h
          stop_grace: 5s
          max_output: 1MiB
          parallel: 2
          when_busy: supersede
          keep: 10
        hook:
          pwd: ~/hook
          signature:
            sender: standard-webhooks
            secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
          request_regexp: "\"branch\": \"(?P<b>production|stage)\""
          commands: |
            git pull
        forge: {pwd: /srv, signature: {sender: gitlab, secret: a-plain-secret-0000}, commands: [ls %a%, 'cat <<E']}
        """;

    private static readonly Gen<string> Fragments = Pick.Of(
        "{",
        "}",
        "[",
        "]",
        ", ",
        ": ",
        "\n",
        "\n  ",
        "- ",
        "'",
        "\"",
        "#",
        "&x ",
        "*common",
        "<<: ",
        "|\n",
        "!!int ",
        "\t",
        "\0",
        "~",
        "null",
        "-1",
        "99999999999999999999",
        "1e9",
        "5d",
        "sender: github",
        "sender: gitea, header: X",
        "header: 'a b'",
        "header: \"\"",
        "header: Authorization",
        "algorithm: md5",
        "encoding: hex",
        "prefix: '\u00e9'",
        "secret_file: /dev/null",
        "secret: [[]]",
        "secret: ''",
        "whsec_!",
        "json: 'a..b'",
        "json: '[99999999999]'",
        "json: '\\'",
        "matches: '(('",
        "matches: '(?=x)(a+)+$'",
        "matches: '(a{1,1000}){1,1000}'",
        "matches: '[[:alpha:]]'",
        "equals: [x]",
        "in: {}",
        "exists: maybe",
        "address: 300.0.0.0/33",
        "changed: '**/**/**/[!'",
        "changed: []",
        "not: {not: {}}",
        "all: []",
        "pattern: '^(?<n>'",
        "default: '-x'",
        "argument: token",
        "'%a%'",
        "%branch%",
        "`%n%`",
        "$((%n%))",
        "${HOME}",
        "${UNSET_ANYWHERE}",
        "include: x.yml",
        "日本",
        "\ud83d\udc22"
    );

    private static readonly Gen<RuleRequest> Requests =
        from body in Bodies.Any
        from values in Gen.OneOf(Hostile.Values, WrongToken.Any).Array[0, 3]
        from address in Pick.Of<IPAddress?>(null, IPAddress.Parse("10.1.2.3"), IPAddress.IPv6Loopback)
        select new RuleRequest
        {
            Method = "POST",
            Headers = name => name == "Content-Type" ? [body.Type] : values,
            Query = _ => (values.Length, values.FirstOrDefault("")),
            Form = _ => (values.Length, Encoding.UTF8.GetBytes(values.FirstOrDefault(""))),
            Body = body.Bytes,
            Address = address,
        };

    private readonly string _folder = Directory.CreateTempSubdirectory("thin-deployer-fuzz-").FullName;
    private int _count;

    public void Dispose() => TemporaryFolder.Remove(_folder);

    [Fact]
    public void It_is_read_or_told_and_decides_any_request() =>
        Gen.Select(Pick.Edited(Good, Fragments), Requests).Search(share: 4, sample => Try(sample.Item1, sample.Item2));

    [Fact]
    public void The_good_one_is_good() => Assert.Equal(3, Read(Good).Services.Count);

    private void Try(string text, RuleRequest request)
    {
        var begin = ComputingTime.Now;

        var snapshot = Read(text);

        Assert.All(snapshot.Problems, problem => Assert.DoesNotContain('\n', problem.ToString()));
        foreach (var service in snapshot.IsUsable ? snapshot.Services.Values : [])
        {
            Ask(service, request);
        }

        Assert.InRange(ComputingTime.Now - begin, TimeSpan.Zero, Plenty);
    }

    private static void Ask(ServiceConfiguration service, RuleRequest request)
    {
        _ = service.Rules.Decide(request).Trace.Select(line => line.ToString()).ToList();
        _ = service.Rules.Variables?.From(request);
        _ = SenderFacts.Of(request);
        _ = service.Plan.Secrets.Masked(Encoding.UTF8.GetString(request.Body.Span));
        foreach (var step in service.Plan.Steps)
        {
            _ = step.Command.Render(_ => new PlaceholderValue("x", IsDefault: false));
        }

        // Nobody knows a secret of a configuration that no person wrote.
        Assert.False(
            service.Credentials.Signature?.Scheme.Read(request.Headers, TimeProvider.System.GetUtcNow()) switch
            {
                SignatureClaim.OverBody(var isRight, _) => isRight(request.Body),
                SignatureClaim.Proven => true,
                _ => false,
            }
        );
    }

    private ConfigurationSnapshot Read(string text)
    {
        var path = Path.Join(_folder, $"{Interlocked.Increment(ref _count)}.yml");
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        var snapshot = ConfigurationReader.Read(path, name => name == "HOME" ? "/home/user" : null, _folder);
        Assert.Equal(snapshot.Mistakes.Count == 0, snapshot.IsUsable);
        File.Delete(path);
        return snapshot;
    }
}
