using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Importing;

internal enum Gravity
{
    /// <summary>Something is otherwise than before; whoever moves should know.</summary>
    Note,

    /// <summary>What the operator has to do before the service can be used.</summary>
    Task,

    /// <summary>It has no equivalent.</summary>
    Loss,

    /// <summary>It has none, and said who may deploy, or when.</summary>
    LostRule,
}

/// <summary>What is told about a hook, in the configuration and on standard error. It holds no value of the hook.</summary>
/// <param name="At">The key of the service before which it is told.</param>
/// <param name="Message">What, and what to do instead.</param>
internal sealed record Told(Gravity Gravity, Place Place, string At, string Message)
{
    internal string Text =>
        Gravity switch
        {
            Gravity.Task => Message,
            Gravity.Note => $"note: {Message}",
            _ => $"not carried over: {Message}",
        };
}
