using System.Collections.Concurrent;
using ThinDeployer.Yaml;

namespace ThinDeployer.Machines;

/// <summary>
/// The machines of a front: who there is, who has joined, and who was heard of when. In memory, and in the record what must
/// outlive the program. Any thread may ask; what changes a machine waits for what else does.
/// </summary>
internal sealed class MachineRegistry : IDisposable
{
    /// <summary>One that was not heard of for so long is away: it says something every 15 s.</summary>
    internal static readonly TimeSpan AwayAfter = TimeSpan.FromSeconds(45);

    internal const int MaximumMachines = 1000;

    /// <summary>A disk need not be written to each time that a machine says that it is there.</summary>
    private static readonly TimeSpan SaveSeenEvery = TimeSpan.FromMinutes(1);

    /// <summary>Characters.</summary>
    private const int LongestVersion = 64;

    /// <summary>Of one machine.</summary>
    private const int MaximumServices = 1000;

    /// <summary>Characters, as of a service here.</summary>
    private const int LongestService = 128;

    private readonly IMachineRecord _record;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Known> _machines;
    private readonly SemaphoreSlim _changing = new(1);

    private MachineRegistry(IMachineRecord record, TimeProvider time)
    {
        _record = record;
        _time = time;
        _machines = new(
            record.All().Select(entry => KeyValuePair.Create(entry.Name, Known.Of(entry))),
            StringComparer.Ordinal
        );
    }

    internal static MachineRegistry Open(IMachineRecord record, TimeProvider time) => new(record, time);

    /// <summary>By name.</summary>
    internal IReadOnlyList<KnownMachine> All()
    {
        var now = _time.GetUtcNow();
        return
        [
            .. _machines
                .Values.OrderBy(known => known.Entry.Name, StringComparer.Ordinal)
                .Select(known => known.At(now)),
        ];
    }

    /// <summary>The logins that the transport must have, each with its password.</summary>
    internal IReadOnlyList<(string Machine, string Password)> Logins =>
        [
            .. _machines.Values.Select(known =>
                (known.Entry.Name, known.Keys?.Password ?? MachineKeys.FirstPasswordOf(known.Entry.Pending!.Secret))
            ),
        ];

    /// <summary>Null where there is none of this name.</summary>
    internal KnownMachine? Find(string name) => _machines.GetValueOrDefault(name)?.At(_time.GetUtcNow());

    /// <summary>What to sign orders with, and to check reports by; null for one that has not joined, and where there is none.</summary>
    internal MachineKeys? KeysOf(string name) => _machines.GetValueOrDefault(name)?.Keys;

    /// <summary>Adds a machine, or gives one that has not joined a new code: the old one is of no use then.</summary>
    /// <param name="name">A valid one.</param>
    /// <param name="broker">Where it finds the transport.</param>
    /// <exception cref="ThinDeployer.Deployments.RecordUnavailableException">It can't be saved.</exception>
    internal Task<AddAnswer> AddAsync(string name, Uri broker) =>
        ChangeAsync<AddAnswer>(async () =>
        {
            var old = _machines.GetValueOrDefault(name)?.Entry;
            if (old?.SharedSecret is not null)
            {
                return new AddAnswer.HasJoined();
            }

            if (old is null && _machines.Count >= MaximumMachines)
            {
                return new AddAnswer.TooMany();
            }

            var now = _time.GetUtcNow();
            using var key = JoinKey.New();
            var pending = PendingJoin.New(key, now);
            await SaveAsync(new MachineEntry(name, old?.AddedAt ?? now) { Pending = pending });
            return new AddAnswer.Added(new JoinCode(broker, name, pending.Secret, key.Public, pending.Until));
        });

    /// <returns>False where there is none of this name.</returns>
    /// <exception cref="ThinDeployer.Deployments.RecordUnavailableException">It can't be saved.</exception>
    internal Task<bool> RemoveAsync(string name) =>
        ChangeAsync(async () =>
        {
            if (!_machines.ContainsKey(name))
            {
                return false;
            }

            await _record.RemoveAsync(name);
            return _machines.TryRemove(name, out _);
        });

    /// <summary>
    /// Lets a machine in that has a code. The same again, of a machine that was not heard of since, has the same result: a
    /// front that stops after the save lets it in all the same.
    /// </summary>
    /// <param name="login">By which it came: only its own name is believed.</param>
    /// <param name="join">What it says.</param>
    /// <exception cref="ThinDeployer.Deployments.RecordUnavailableException">It can't be saved.</exception>
    internal Task<JoinAnswer> JoinAsync(string login, Join join) =>
        ChangeAsync<JoinAnswer>(async () =>
        {
            var now = _time.GetUtcNow();
            if (join is not { Key: not null, Proof: not null })
            {
                return new JoinAnswer.Refused("it does not say who it is");
            }

            if (join.Machine != login || _machines.GetValueOrDefault(login)?.Entry is not { } entry)
            {
                return new JoinAnswer.Refused("there is no such machine");
            }

            if (entry.Pending is not { } pending)
            {
                return new JoinAnswer.Refused("it has joined already");
            }

            if (!JoinCode.IsProof(pending.Secret, join))
            {
                return new JoinAnswer.Refused("it does not have the newest code");
            }

            if (pending.SecretWith(join.Key) is not { } shared)
            {
                return new JoinAnswer.Refused("its key is no key");
            }

            if (entry.SharedSecret is { } before)
            {
                return shared.AsSpan().SequenceEqual(before)
                    ? new JoinAnswer.LetIn(MachineKeys.From(before))
                    : new JoinAnswer.Refused("the code was used before, with another key");
            }

            if (now >= pending.Until)
            {
                return new JoinAnswer.Refused("the code is over");
            }

            await SaveAsync(entry with { SharedSecret = shared, JoinedAt = now });
            return new JoinAnswer.LetIn(MachineKeys.From(shared));
        });

    /// <summary>Notes that a machine is there. The message was checked before.</summary>
    /// <param name="machine">Its name.</param>
    /// <param name="alive">What it says.</param>
    /// <param name="now">The time.</param>
    /// <returns>False for a machine that there is not, and for what was heard before or is older.</returns>
    /// <exception cref="ThinDeployer.Deployments.RecordUnavailableException">It is known, and can't be saved.</exception>
    internal Task<bool> SeenAsync(string machine, MachineAlive alive, DateTimeOffset now) =>
        ChangeAsync(async () =>
        {
            if (
                alive is not { Version: not null, Services: not null }
                || alive.Machine != machine
                || _machines.GetValueOrDefault(machine) is not { Keys: not null } known
                || alive.At <= known.ToldAt
            )
            {
                return false;
            }

            var entry = known.Entry with
            {
                LastSeenAt = now,
                Version = Beginning.Of(alive.Version, LongestVersion),
                Pending = null,
            };
            var isNews =
                known.Entry.Pending is not null
                || entry.Version != known.Entry.Version
                || known.SavedAt is not { } saved
                || now - saved >= SaveSeenEvery;
            var heard = known with
            {
                Entry = entry,
                ToldAt = alive.At,
                Skew = TimeSpan.FromMilliseconds(alive.At - now.ToUnixTimeMilliseconds()),
                Services =
                [
                    .. alive
                        .Services.Where(name => name is { Length: > 0 and <= LongestService })
                        .Take(MaximumServices)
                        .Order(StringComparer.Ordinal),
                ],
            };
            _machines[machine] = heard;
            if (isNews)
            {
                await _record.SaveAsync(entry);
                _machines[machine] = heard with { SavedAt = now };
            }

            return true;
        });

    public void Dispose() => _changing.Dispose();

    private async Task SaveAsync(MachineEntry entry)
    {
        await _record.SaveAsync(entry);
        _machines[entry.Name] = Known.Of(entry);
    }

    private async Task<T> ChangeAsync<T>(Func<Task<T>> change)
    {
        await _changing.WaitAsync();
        try
        {
            return await change();
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>A machine in memory.</summary>
    /// <param name="Entry">Newer than what is saved, by when it was seen.</param>
    /// <param name="Keys">Null until it has joined.</param>
    private sealed record Known(MachineEntry Entry, MachineKeys? Keys)
    {
        /// <summary>When its being there was last saved.</summary>
        internal DateTimeOffset? SavedAt { get; init; }

        /// <summary>Its clock in what it said last: milliseconds since 1970.</summary>
        internal long ToldAt { get; init; } = long.MinValue;

        internal TimeSpan? Skew { get; init; }

        internal IReadOnlyList<string>? Services { get; init; }

        internal static Known Of(MachineEntry entry) =>
            new(entry, entry.SharedSecret is { } secret ? MachineKeys.From(secret) : null)
            {
                SavedAt = entry.LastSeenAt,
            };

        internal KnownMachine At(DateTimeOffset now) =>
            new(Entry.Name, StateAt(now))
            {
                CodeUntil = Keys is null ? Entry.Pending?.Until : null,
                JoinedAt = Entry.JoinedAt,
                LastSeenAt = Entry.LastSeenAt,
                Version = Entry.Version,
                ClockSkew = Skew,
                Services = Services,
            };

        private MachineState StateAt(DateTimeOffset now) =>
            Keys is null ? MachineState.Joining
            : Entry.LastSeenAt is not { } seen ? MachineState.Never
            : now - seen < AwayAfter ? MachineState.Online
            : MachineState.Away;
    }
}

/// <summary>What became of the wish to add a machine.</summary>
internal abstract record AddAnswer
{
    private AddAnswer() { }

    internal sealed record Added(JoinCode Code) : AddAnswer;

    /// <summary>There is one of this name, and it has joined.</summary>
    internal sealed record HasJoined : AddAnswer;

    internal sealed record TooMany : AddAnswer;
}

/// <summary>What became of a machine's wish to be let in.</summary>
internal abstract record JoinAnswer
{
    private JoinAnswer() { }

    internal sealed record LetIn(MachineKeys Keys) : JoinAnswer;

    /// <param name="Why">A part of a sentence.</param>
    internal sealed record Refused(string Why) : JoinAnswer;
}
