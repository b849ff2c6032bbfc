namespace Microsoft.Azure.Functions.Worker;

/// <summary>Stand-in for the worker's type: which of the host's keys a function demands.</summary>
public enum AuthorizationLevel
{
    Anonymous,
    User,
    Function,
    System,
    Admin,
}
