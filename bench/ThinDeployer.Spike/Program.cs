using CliWrap;
using ThinDeployer.Spike;

// How fast a server of .NET could be that keeps no record and does nothing but check a token, start the command and answer with what it
// printed. Two ways to start it: "spawn" (posix_spawn, with a session) and "cliwrap" (as the server does, without a session).
// spike spawn|cliwrap PORT TOKEN
const int threads = 64;
const int notAllowed = 403;
var (way, port, token) = (args[0], args[1], args[2]);
ThreadPool.SetMinThreads(threads, threads);
var builder = WebApplication.CreateEmptyBuilder(new());
builder.WebHost.UseKestrelCore();
builder.Logging.ClearProviders();
builder.Services.AddRoutingCore();
await using var app = builder.Build();
app.Urls.Add($"http://127.0.0.1:{port}");
app.Run(async context =>
{
    if (context.Request.Path == "/")
    {
        return;
    }

    if (context.Request.Headers["X-Auth-Token"] != token)
    {
        context.Response.StatusCode = notAllowed;
        return;
    }

    string[] command = context.Request.Path.Value!.EndsWith("words", StringComparison.Ordinal)
        ? ["git", "--version"]
        : ["/bin/sh", "-c", "true"];
    var output = way == "spawn" ? await Task.Run(() => Spawn.Run(command)) : await WrapAsync(command);
    await context.Response.Body.WriteAsync(output, context.RequestAborted);
});
await app.RunAsync();

static async Task<byte[]> WrapAsync(string[] command)
{
    using var output = new MemoryStream();
    await Cli.Wrap(command[0])
        .WithArguments(command[1..])
        .WithStandardOutputPipe(PipeTarget.ToStream(output))
        .ExecuteAsync(CancellationToken.None);
    return output.ToArray();
}
