using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer;
using ThinDeployer.Broker;
using ThinDeployer.Functions;
using ThinDeployer.Operating.Diagnosis;

HttpClient.DefaultProxy = new ProxyForOthers(HttpClient.DefaultProxy);
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();

// The host passes on what its own host.json wants; what is logged to a file is asked the same.
var host = new ConfigurationBuilder()
    .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "host.json"), optional: true)
    .AddEnvironmentVariables("AzureFunctionsJobHost__")
    .Build();
builder.Logging.AddConfiguration(host.GetSection("logging"));

// That its keys are not encrypted: the worker makes some, and nothing of ours uses them.
builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
builder.Services.AddThinDeployer().AddPageTexts(new Transports(BrokerTransport.OfFront, BrokerTransport.OfMachine));
builder.Services.AddSingleton(BrokerTransport.OfFront);
builder.Services.AddHostedService<ParentWatch>();
builder.Build().Run();
