using ThinDeployer.Functions.Tests.StandIn;

// Started by the tests as a process of its own, as the Functions host starts the real app.
await StandInHost.RunAsync();
