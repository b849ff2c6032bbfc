using CsCheck;
using ThinDeployer.Fuzz.Serving;

namespace ThinDeployer.Fuzz.Requests;

/// <summary>What stands between the method and the version.</summary>
internal static class Targets
{
    /// <summary>Names of services, of which some are none.</summary>
    private static readonly Gen<string> Names = Gen.Frequency(
        (8, Pick.Of([.. Services.Guarded.Keys])),
        (
            2,
            Pick.Of(
                Services.Open,
                "nobody",
                "LONG",
                "long%00",
                "lon%67",
                "long%2f",
                "%2e%2e%2flong",
                "long;x=1",
                "long ",
                "long%20",
                "%FF%FE",
                "%",
                "%zz",
                "a%0Ab",
                "a%0D%0AX-Auth-Token: x",
                "a%1B[2J",
                "\u00ff",
                "%E2%80%AE",
                new string('n', 129),
                new string('n', 9_000),
                "..",
                ".",
                "",
                "{service}"
            )
        )
    );

    private static readonly Gen<string> Queries = Gen.Frequency(
        (3, Gen.Const("")),
        (1, WrongToken.Any.Select(token => "?token=" + Uri.EscapeDataString(token))),
        (1, WrongToken.Near.Select(token => $"?token=x&token={Uri.EscapeDataString(token)}")),
        (
            1,
            Pick.Of(
                "?",
                "??",
                "?token",
                "?token=%00",
                "?%74oken=x",
                "?a=%FF",
                "?a=%",
                "?a[]=1",
                "?go&a=-rf",
                "?#x",
                "?a=" + new string('q', 17_000),
                "?" + string.Concat(Enumerable.Repeat("a&", 3_000)),
                "?service=%00&limit=-1&before=x",
                "?limit=99999999999999999999&status=%27",
                "?follow=true",
                "?from=-1&count=9223372036854775808&line=1&at=-1",
                "?q=%00&step=x&download=true"
            )
        )
    );

    private static readonly Gen<string> Id = Pick.Of(
        "01a20ae4-c645-77ca-84f7-dd351129747a",
        "x",
        "%00",
        "'--",
        "..%2f..%2fdeployer.yml",
        new string('0', 2_000)
    );

    /// <summary>Those of a deploy, in all its spellings.</summary>
    internal static readonly Gen<string> Deploys = Gen.Select(
        Gen.Frequency(
            (8, Gen.Const("/deploy/")),
            (
                1,
                Pick.Of(
                    "//deploy/",
                    "/deploy//",
                    "/./deploy/",
                    "/x/../deploy/",
                    "/DEPLOY/",
                    "/%64eploy/",
                    "/deploy%2f",
                    "http://localhost/deploy/",
                    "http://user:pass@elsewhere:80/deploy/",
                    "deploy/",
                    "\\deploy\\"
                )
            )
        ),
        Names,
        Gen.Frequency((12, Gen.Const("")), (1, Pick.Of("/", "//", "/x", "%2f", "#"))),
        Queries,
        (path, name, end, query) => path + name + end + query
    );

    private static readonly Gen<string> Others = Gen.Select(
        Gen.OneOf(
            Pick.Of(
                "/",
                "/technical/healthcheck",
                "/technical/live",
                "/technical/ready",
                "/technical/",
                "/deployments",
                "/deployments/",
                "/services",
                "/audit",
                "*",
                "localhost:80",
                "http://",
                "/" + new string('p', 17_000)
            ),
            Gen.Select(
                Pick.Of("/deployments/", "/services/", "/ui/deployments/"),
                Id,
                Pick.Of(
                    "",
                    "/log",
                    "/cancel",
                    "/rerun",
                    "/rollback",
                    "/deliveries",
                    "/log/x",
                    "/lines",
                    "/search",
                    "/events",
                    "/raw"
                ),
                (path, id, end) => path + id + end
            ),
            Pick.Text("/.%2f0a-_~!$&'()*+,;=:@[]{}|\\^`\"<>#?", 30).Select(text => "/" + text)
        ),
        Queries,
        (path, query) => path + query
    );

    internal static readonly Gen<string> Any = Gen.Frequency((3, Deploys), (1, Others));
}
