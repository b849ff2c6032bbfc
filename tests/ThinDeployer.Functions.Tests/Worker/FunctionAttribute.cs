namespace Microsoft.Azure.Functions.Worker;

/// <summary>Stand-in for the worker's type.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
