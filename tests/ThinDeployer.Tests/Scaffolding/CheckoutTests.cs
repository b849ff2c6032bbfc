using System.Text;
using ThinDeployer.Operating.Scaffolding;

namespace ThinDeployer.Tests.Scaffolding;

/// <summary>What a folder tells of where it came from.</summary>
public sealed class CheckoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("git@github.com:me/shop.git", "https://github.com/me/shop", "github")]
    [InlineData(
        "https://me:secret@gitlab.example.org:8443/team/a/shop.git",
        "https://gitlab.example.org:8443/team/a/shop",
        "gitlab"
    )]
    [InlineData("ssh://git@gitea.example.org:2222/me/shop", "https://gitea.example.org/me/shop", "gitea")]
    [InlineData("https://codeberg.org/me/shop/", "https://codeberg.org/me/shop", "forgejo")]
    [InlineData("me@bitbucket.org:team/shop.git", "https://bitbucket.org/team/shop", "bitbucket")]
    [InlineData("http://git.example.org/shop", "http://git.example.org/shop", null)]
    [InlineData("/srv/git/shop.git", null, null)]
    [InlineData("../shop.git", null, null)]
    [InlineData("file:///srv/git/shop.git", null, null)]
    [InlineData("git@[::", null, null)]
    public void The_origin_is_a_page_without_name_and_password(string origin, string? page, string? forge)
    {
        Write(
            "config",
            $"[core]\n\turl = wrong\n[remote \"other\"]\n\turl = https://wrong/\n[remote \"origin\"]\n\turl = {origin}\n"
        );

        var found = Checkout.Of(_folder.FullName).Repository;

        Assert.Equal(page, found?.ToString());
        Assert.Equal(forge, found is null ? null : Forge.At(found.Host)?.Name);
    }

    [Theory]
    [InlineData("ref: refs/heads/release/2\n", "release/2")]
    [InlineData("59b20b8d5c6ff8d09518454d4dd8b7b30f095ab5\n", null)]
    public void The_branch_is_that_which_is_checked_out(string head, string? branch)
    {
        Write("HEAD", head);

        Assert.Equal(branch, Checkout.Of(_folder.FullName).Branch);
    }

    [Fact]
    public void A_folder_that_is_none_tells_nothing()
    {
        var found = Checkout.Of(_folder.FullName);

        Assert.Equal((null, null), (found.Branch, found.Repository));
        Assert.Empty(found.Commands);
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.Join(_folder.FullName, ".git"));
        _folder.Write($".git/{name}", Encoding.UTF8.GetBytes(text));
    }
}
