using ThinDeployer.Server;

CarriedSqlite.Use();
return await CommandLine.RunAsync(args);
