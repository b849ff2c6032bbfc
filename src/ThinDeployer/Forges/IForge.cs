using ThinDeployer.Outbox;

namespace ThinDeployer.Forges;

/// <summary>A forge: how it is told.</summary>
internal interface IForge
{
    /// <summary>The word of <c>forge</c>.</summary>
    string Name { get; }

    /// <summary>Where nothing else is said; null where there is no such place.</summary>
    string? DefaultApi { get; }

    /// <summary>Whether it knows environments.</summary>
    bool HasEnvironments => false;

    /// <summary>A part of a sentence that says what a repository looks like there.</summary>
    string RepositoryForm { get; }

    bool IsRepository(string text) => text.Split('/') is [{ Length: > 0 }, { Length: > 0 }];

    /// <summary>The headers that prove who asks.</summary>
    IEnumerable<KeyValuePair<string, string>> Proof(string token);

    Task<Receipt> TellAsync(ForgeNews news, ForgeCall call, CancellationToken cancellationToken);
}
