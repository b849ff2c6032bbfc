using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>Who stands before the door of a service.</summary>
/// <param name="Service">As it was asked for.</param>
/// <param name="Credentials">What admits to it.</param>
/// <param name="Key">With whom its failure counts.</param>
/// <param name="HiddenAmong">
/// The signatures of all services, where nobody shall learn which services there are; else null.
/// </param>
internal sealed record DeployAttempt(
    string Service,
    Credentials Credentials,
    DeployRequest Request,
    FailureKey Key,
    IEnumerable<SenderSignature>? HiddenAmong
)
{
    internal bool IsHidden => HiddenAmong is not null;
}
