namespace ThinDeployer.Bench.Load;

/// <summary>Texts of scripts for wrk: which requests it sends.</summary>
internal static class LuaScript
{
    internal static string Request(string method, string token) =>
        $"""
            wrk.method = "{method}"
            wrk.headers["X-Auth-Token"] = "{token}"
            """;

    /// <summary>Each to another path, by chance.</summary>
    /// <param name="method">Of each.</param>
    /// <param name="token">Of each.</param>
    /// <param name="pathFormat">With one place for a number, as <c>string.format</c> of Lua takes it.</param>
    /// <param name="count">The numbers are 0 and on.</param>
    internal static string AnyOf(string method, string token, string pathFormat, int count) =>
        $"""
            {Request(method, token)}
            function request()
              return wrk.format(nil, string.format("{pathFormat}", math.random(0, {count - 1})))
            end
            """;
}
