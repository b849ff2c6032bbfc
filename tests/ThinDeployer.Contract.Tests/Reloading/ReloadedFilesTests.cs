using System.Diagnostics;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Reloading;

/// <summary>Which changes of files are seen. The core watches them, in any host alike: it is tried in one.</summary>
public sealed class ReloadedFilesTests(SharedServer<StandaloneServer> shared)
    : HostContract<StandaloneServer>(shared),
        IClassFixture<SharedServer<StandaloneServer>>
{
    [Fact]
    public async Task One_that_is_mended_to_what_it_was_is_good_again()
    {
        await using var server = await StartOwnAsync(Reloaded.Service(ServiceYaml.Token, "true"), Reloaded.WithHealth);

        File.Delete(server.Workspace.ConfigurationFile);
        await Reloaded.HealthAsync(server, "missing");
        server.Workspace.Write("deployer.yml", Reloaded.Service(ServiceYaml.Token, "true"));

        await Reloaded.HealthAsync(server, expected: null);
    }

    [Fact]
    public async Task A_file_that_is_put_in_the_place_of_the_old_one_is_seen()
    {
        await using var server = await StartOwnAsync(Reloaded.Service(ServiceYaml.Token, "true"));

        var draft = server.Workspace.Write("draft", Reloaded.Service(Reloaded.NewToken, "true"));
        File.Move(draft, server.Workspace.ConfigurationFile, overwrite: true);

        await Reloaded.EventuallyAsync(server, Reloaded.NewToken, 202);
    }

    [Fact]
    public async Task A_folder_behind_a_link_may_be_exchanged_as_Kubernetes_does()
    {
        var workspace = new Workspace();
        WriteVersion(workspace, "first", ServiceYaml.Token);
        WriteVersion(workspace, "second", Reloaded.NewToken);
        File.CreateSymbolicLink(workspace.At("data.now"), workspace.At("first"));
        await using var server = await StartAsync(workspace, workspace.At("data.now"));

        File.CreateSymbolicLink(workspace.At("data.next"), workspace.At("second"));
        using var move = Process.Start("mv", ["-T", workspace.At("data.next"), workspace.At("data.now")]);
        await move.WaitForExitAsync();

        await Reloaded.EventuallyAsync(server, Reloaded.NewToken, 202);
    }

    [Fact]
    public async Task Files_of_a_folder_its_includes_and_token_files_count()
    {
        var workspace = new Workspace();
        workspace.Folder("conf");
        File.WriteAllText(workspace.At("conf", "a.yml"), "more: {include: ../included.yaml}\n");
        workspace.Write("included.yaml", "site: {token_file: token, pwd: site, commands: ['true']}\n");
        workspace.Write("token", ServiceYaml.Token);
        await using var server = await StartAsync(workspace, workspace.At("conf"));

        workspace.Write("token", Reloaded.NewToken);
        await Reloaded.EventuallyAsync(server, Reloaded.NewToken, 202);
        workspace.Write("included.yaml", "moved: {token_file: token, pwd: site, commands: ['true']}\n");
        await Reloaded.EventuallyAsync(server, Reloaded.NewToken, 202, "moved");
        File.WriteAllText(
            workspace.At("conf", "b.yml"),
            ServiceYaml.Bare("site", $"token: {Reloaded.NewToken}, pwd: ../site", "true")
        );
        await Reloaded.EventuallyAsync(server, Reloaded.NewToken, 202);
        File.Delete(workspace.At("conf", "b.yml"));
        await Reloaded.EventuallyAsync(server, Reloaded.NewToken, 404);
    }

    private static void WriteVersion(Workspace workspace, string folder, string token)
    {
        workspace.Folder(folder);
        File.WriteAllText(
            workspace.At(folder, "deployer.yml"),
            ServiceYaml.Bare("site", $"token: {token}, pwd: ../site", "true")
        );
    }

    private static Task<RunningServer> StartAsync(Workspace workspace, string configuration) =>
        RunningServer.StartAsync(
            new ProgramStart(new StandaloneServer(), workspace)
            {
                Settings = new Dictionary<string, string> { ["THIN_DEPLOYER_CONFIGURATION"] = configuration },
            }
        );
}
