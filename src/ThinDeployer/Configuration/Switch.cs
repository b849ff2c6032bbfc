using ThinDeployer.Security;

namespace ThinDeployer.Configuration;

/// <summary>A setting, and all that is said of it: a switch of the command line, an environment variable, or both.</summary>
/// <param name="Name">Without dashes. Of one that only a variable sets, the variable's.</param>
/// <param name="ValueName">What stands for its value where it is explained, such as <c>SIZE</c>.</param>
/// <param name="Help">What it is for: a part of a sentence.</param>
public abstract record Switch(string Name, string ValueName, string Help)
{
    internal const string VariablePrefix = "THIN_DEPLOYER_";

    /// <summary>What counts while nobody says anything, as one would write it; null where there is nothing to write.</summary>
    public string? Default { get; init; }

    /// <summary>What is told where there is no <see cref="Default"/>; null for nothing.</summary>
    public string? WithoutDefault { get; init; }

    /// <summary>What its value may be: a part of a sentence, empty where its name says it.</summary>
    public string Range { get; init; } = "";

    /// <summary>Each wins over those behind it, and over the default.</summary>
    public IReadOnlyList<StandIn> StandIns { get; init; } = [];

    /// <summary>Whether no switch sets it.</summary>
    public bool IsVariableOnly { get; init; }

    /// <summary>Whether it may stand without a value, and then means yes.</summary>
    public bool MayStandAlone { get; init; }

    /// <summary>Whether it may be given several times, which is the same as one list with commas.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>Whether it names a file or a folder.</summary>
    public bool IsPath { get; init; }

    /// <summary>Whether it says where to listen, which a host without a command line knows by itself.</summary>
    public bool IsEndpoint { get; init; }

    /// <summary>Whether <c>doctor</c> looks at what it names.</summary>
    public bool IsOfMachine
    {
        get => field || IsPath || IsEndpoint;
        init;
    }

    /// <summary>Whether no output may show it.</summary>
    public bool IsSecret => SecretOf is not null;

    /// <summary>The environment variable: of <c>max-body</c>, it is <c>THIN_DEPLOYER_MAX_BODY</c>.</summary>
    public string Variable => IsVariableOnly ? Name : VariablePrefix + Name.Replace('-', '_').ToUpperInvariant();

    /// <summary>What of its text no output may show, null for a digest; itself null where all may be shown.</summary>
    internal Func<string, Secret?>? SecretOf { get; init; }
}

/// <summary>A variable that names a folder where its switch does not, as service managers and desktops set one.</summary>
/// <param name="Variable">Its name.</param>
/// <param name="Below">What of that folder is ours; empty for all.</param>
public sealed record StandIn(string Variable, string Below = "");

/// <summary>A setting whose value has a type.</summary>
/// <param name="Name">Without dashes. Of one that only a variable sets, the variable's.</param>
/// <param name="ValueName">What stands for its value where it is explained, such as <c>SIZE</c>.</param>
/// <param name="Help">What it is for: a part of a sentence.</param>
/// <param name="Demand">What its value must be: the end of a sentence.</param>
/// <param name="TryRead">Makes the value of a text that is not empty.</param>
public sealed record Switch<T>(string Name, string ValueName, string Help, string Demand, TryRead<T> TryRead)
    : Switch(Name, ValueName, Help)
{
    /// <summary>The value where there is no <see cref="Switch.Default"/>.</summary>
    internal T Unset { get; init; } = default!;

    /// <summary>The value of the default.</summary>
    internal T ByDefault =>
        Default is null ? Unset
        : TryRead(Default, out var value) ? value
        : throw new InvalidOperationException($"The default of {Name} {Demand}.");
}

/// <summary>False where the text is none of these values.</summary>
public delegate bool TryRead<T>(string text, out T value);
