namespace ThinDeployer.Security;

/// <summary>What a credential may do to a service.</summary>
[Flags]
internal enum Rights
{
    None = 0,

    /// <summary>Deploys it, and runs a deployment again.</summary>
    Deploy = 1,

    /// <summary>Sees its history, output and deliveries.</summary>
    Read = 2,

    /// <summary>Stops a deployment.</summary>
    Cancel = 4,

    /// <summary>Lets a deployment go on that waits for it, or rejects it.</summary>
    Approve = 8,

    /// <summary>Pauses the service and resumes it.</summary>
    Pause = 16,

    /// <summary>Goes back to an earlier deployment.</summary>
    Rollback = 32,

    /// <summary>Of a credential that names none: all but what somebody else should do.</summary>
    Default = Deploy | Read | Cancel | Pause | Rollback,

    /// <summary>Of a job of a CI: what belongs to deploying.</summary>
    Job = Deploy | Read | Cancel | Rollback,

    All = Default | Approve,
}
