using ThinDeployer.Server;

PlainConsole.Use();
CarriedSqlite.Use();
return await CommandLine.RunAsync(args);
