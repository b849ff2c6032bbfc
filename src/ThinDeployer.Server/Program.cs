using ThinDeployer.Server;

return await CommandLine.RunAsync(args);
