using System.Text;
using CsCheck;

namespace ThinDeployer.Fuzz.Requests;

/// <summary>A body and what the head calls it.</summary>
internal sealed record TypedBody(string Type, byte[] Bytes);

/// <summary>Bodies near to good ones.</summary>
internal static class Bodies
{
    internal const string Boundary = "bound-ary";
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";
    private const string Multipart = "multipart/form-data; boundary=" + Boundary;

    private const string GoodJson = """
        {"ref": "refs/heads/main", "a": {"b": "x", "c": [1, 2.5e3, null, true]}, "stop": [{"here": "no"}],
         "head_commit": {"id": "0123", "modified": ["a/b"]}, "text": "\u00fc\n\"\\"}
        """;

    private static readonly Gen<string> JsonFragments = Pick.Of(
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u0000",
        "\\ud800",
        "\0",
        "NaN",
        "1e999999",
        "-",
        "00",
        "\"ref\":1,",
        "\u00ff",
        "\u2028",
        "/*",
        "\uFEFF",
        "99999999999999999999999999"
    );

    private static readonly Gen<string> FormFragments = Pick.Of(
        "%",
        "%0",
        "%00",
        "%FF",
        "%C0%AF",
        "%ED%A0%80",
        "%zz",
        "&",
        "&&",
        "=",
        "==",
        "+",
        ";",
        "token",
        "token=",
        "&token=%",
        "tok%65n=x",
        "a[]=1",
        "\0",
        "\u00ff"
    );

    private static readonly Gen<string> PartFragments = Pick.Of(
        "--" + Boundary,
        "--" + Boundary + "--",
        "\r\n",
        "\r\n\r\n",
        "\n",
        "--",
        "Content-Disposition: form-data; name=\"token\"\r\n\r\n*\r\n--" + Boundary + "\r\n",
        "Content-Disposition: form-data; name=a; filename=b",
        "name*=UTF-8''%00",
        "\"",
        ";",
        "\0",
        "\u00ff",
        ": ",
        new string('h', 20_000)
    );

    private static readonly string GoodParts = string.Concat(
        $"--{Boundary}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n",
        $"--{Boundary}\r\nContent-Disposition: form-data; name=\"token\"\r\nContent-Type: text/plain\r\n\r\n*\r\n",
        $"--{Boundary}\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n\0\r\n--{Boundary}--\r\n"
    );

    private static readonly Gen<TypedBody> Texts = Gen.OneOf(
        Of(Json, Pick.Edited(GoodJson, JsonFragments)),
        Of(Json, Gen.Int[1, 3_000].Select(depth => new string('[', depth) + new string(']', depth / 2))),
        Of(Json, Gen.Int[1, 200].Select(depth => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1")),
        Of(Form, Pick.Edited("a=one&b=%C3%BC+x&payload=%7B%22ref%22%3A1%7D&token=*&c=&d", FormFragments)),
        Of(Form, Pick.Edited("payload={\"ref\":\"x\"}", JsonFragments)),
        Of(Form, WrongToken.Any.Select(token => "token=" + Uri.EscapeDataString(token))),
        Of(Multipart, Pick.Edited(GoodParts, PartFragments)),
        Of(Multipart, Gen.Int[0, 1_200].Select(Repeated)),
        Pick.Text("{}[]\"&=%\r\n-a\0\u00e9", 60)
            .SelectMany(text => Types.Select(type => new TypedBody(type, Encoding.UTF8.GetBytes(text))))
    );

    private static Gen<string> Types =>
        Pick.Of(
            Json,
            Form,
            Multipart,
            "",
            "text/plain",
            "application/x+json; charset=utf-16",
            "multipart/form-data",
            "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=" + new string('b', 100),
            "multipart/form-data; boundary=\"a\\\"b\"; boundary=c",
            "application/x-www-form-urlencoded; charset=nonsense",
            ";;;",
            "a/b/c",
            "\u00e9/x"
        );

    internal static readonly Gen<TypedBody> Any = Gen.Frequency(
        (1, Gen.Const(new TypedBody("", []))),
        (6, Texts),
        (1, Gen.Select(Types, Gen.Byte.Array[0, 300], (type, bytes) => new TypedBody(type, bytes))),
        // What it is called and what it is.
        (2, Gen.Select(Types, Texts, (type, body) => body with { Type = type }))
    );

    /// <summary>Many parts of one name.</summary>
    private static string Repeated(int count) =>
        string.Concat(
            Enumerable.Repeat($"--{Boundary}\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n*\r\n", count)
        ) + $"--{Boundary}--\r\n";

    private static Gen<TypedBody> Of(string type, Gen<string> texts) =>
        texts.Select(text => new TypedBody(type, Encoding.UTF8.GetBytes(text)));
}
