using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Yaml;

namespace ThinDeployer;

/// <summary>How the server stands, for a host with somebody to tell it.</summary>
public sealed class ServerStanding
{
    private readonly CurrentConfiguration _current;
    private readonly ConfigurationWatch _watch;
    private readonly EngineRoom _engine;

    internal ServerStanding(CurrentConfiguration current, ConfigurationWatch watch, EngineRoom engine) =>
        (_current, _watch, _engine) = (current, watch, engine);

    /// <summary>What is served, and whether it is what stands in the configuration: the end of a sentence, on one line.</summary>
    public string Services
    {
        get
        {
            var services = Counted.Of(_current.Snapshot.Services.Count, "service");
            return _current.RefusedMistakes.Count is var mistakes and > 0
                ? $"{services}; the configuration has {Counted.Of(mistakes, "mistake")}, so the last good one stays"
                : services;
        }
    }

    /// <summary>How many deployments run.</summary>
    public int Running => _engine.Open?.Queue.Load().Running.Count ?? 0;

    /// <summary>
    /// Calls back each time after the configuration was read again, with mistakes or without; true where somebody asked for it.
    /// </summary>
    public void OnConfigurationRead(Action<bool> told) => _watch.OnRead(told);

    /// <summary>
    /// Whether what everything goes through is not stuck: the lock of the queue can be had (else this does not return), and the
    /// record is not in the midst of one and the same write for too long. A full disk is no reason: another start would not mend it.
    /// </summary>
    public bool IsSound(TimeSpan longestWrite)
    {
        if (_engine.Open is not { } open)
        {
            return true;
        }

        _ = open.Queue.Load();
        return open.Record.Writing <= longestWrite;
    }
}
