namespace ThinDeployer.Lines;

/// <summary>Places in order. It never changes: one more goes where there is still room behind, unless another was put there.</summary>
internal sealed class Checkpoints
{
    /// <summary>Places that are kept, of some 40 bytes each.</summary>
    internal const int Most = 4_096;

    private readonly Room _room;

    private Checkpoints(Room room, int count) => (_room, Count) = (room, count);

    internal static Checkpoints Start { get; } = new(new Room([Checkpoint.Start], 1), 1);

    internal int Count { get; }

    internal bool IsFull => Count == Most;

    internal Checkpoint Last => _room.Slots[Count - 1];

    internal ReadOnlyMemory<Checkpoint> Memory => _room.Slots.AsMemory(0, Count);

    internal Checkpoints With(Checkpoint next)
    {
        lock (_room)
        {
            if (_room.Used == Count && Count < _room.Slots.Length)
            {
                _room.Slots[_room.Used++] = next;
                return new Checkpoints(_room, Count + 1);
            }
        }

        var slots = new Checkpoint[Math.Min(Most, Count * 2)];
        Memory.CopyTo(slots);
        slots[Count] = next;
        return new Checkpoints(new Room(slots, Count + 1), Count + 1);
    }

    /// <summary>Those that are not behind a position.</summary>
    internal Checkpoints UpTo(long position)
    {
        var count = Count;
        while (_room.Slots[count - 1].Position > position)
        {
            count--;
        }

        return new Checkpoints(_room, count);
    }

    internal Checkpoints EverySecond()
    {
        Checkpoint[] kept = [.. Memory.ToArray().Where((_, number) => number % 2 == 0)];
        return new Checkpoints(new Room(kept, kept.Length), kept.Length);
    }

    /// <param name="slots">Never changed where they are filled.</param>
    /// <param name="used">Of them.</param>
    private sealed class Room(Checkpoint[] slots, int used)
    {
        internal Checkpoint[] Slots => slots;

        internal int Used { get; set; } = used;
    }
}
