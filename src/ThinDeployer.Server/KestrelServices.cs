using System.Diagnostics;

namespace ThinDeployer.Server;

/// <summary>
/// Takes the services that Kestrel adds to a web host, without there being one: what it is made of can be had in no other
/// way.
/// </summary>
internal sealed class KestrelServices : IWebHostBuilder
{
    private readonly IServiceCollection _services;

    internal KestrelServices(IServiceCollection services)
    {
        _services = services;
        services.AddMetrics();
        services.AddSingleton<DiagnosticSource, RefusedRequests>();
    }

    public IWebHostBuilder ConfigureServices(Action<IServiceCollection> configureServices)
    {
        configureServices(_services);
        return this;
    }

    public IWebHostBuilder ConfigureServices(Action<WebHostBuilderContext, IServiceCollection> configureServices)
    {
        configureServices(new WebHostBuilderContext(), _services);
        return this;
    }

    public IWebHostBuilder ConfigureAppConfiguration(
        Action<WebHostBuilderContext, IConfigurationBuilder> configureDelegate
    ) => this;

    public string? GetSetting(string key) => null;

    public IWebHostBuilder UseSetting(string key, string? value) => this;

#pragma warning disable ASPDEPR008 // The interface still asks for it.
    public IWebHost Build() => throw new NotSupportedException("There is no web host.");
#pragma warning restore ASPDEPR008
}
