namespace ThinDeployer.Machines;

/// <summary>
/// How a front reaches machines: durable, in order for each machine, at least once. What is sent fails with
/// <see cref="LineDownException"/> while the transport is away; the line itself goes on trying to come back.
/// </summary>
internal interface IFrontLine : IAsyncDisposable
{
    /// <summary>Why nothing goes through now, for people; null while something does.</summary>
    string? Trouble { get; }

    /// <summary>Connects, and takes what machines report until <paramref name="stop"/>. It never throws.</summary>
    /// <param name="onReport">
    /// Takes the name of the machine whose login the transport has checked, and what it sent. What was taken is not given
    /// again; where this throws, it is given again later. Called for one after the other.
    /// </param>
    /// <param name="onExpired">
    /// Takes an order that its machine never took, because its time was over, with the name of the machine. As above.
    /// </param>
    /// <param name="onConnected">Told each time when the line is up: what was there before may be gone. It does not throw.</param>
    /// <param name="stop">Ends it.</param>
    Task RunAsync(
        Func<string, Envelope, Task> onReport,
        Func<string, Envelope, Task> onExpired,
        Action onConnected,
        CancellationToken stop
    );

    /// <summary>Comes when the order is on the transport's disk.</summary>
    /// <param name="machine">For whom.</param>
    /// <param name="order">What.</param>
    /// <param name="expire">How long it waits for the machine, from now.</param>
    /// <param name="stop">Ends the waiting; whether it was sent is not known then.</param>
    Task SendOrderAsync(string machine, Envelope order, TimeSpan expire, CancellationToken stop);

    /// <summary>Sends what is of use only soon, and may be lost.</summary>
    Task SendControlAsync(string machine, Envelope control, CancellationToken stop);

    /// <summary>Makes what a machine needs: its queues, and a login that may use those only. Again is no fault.</summary>
    /// <exception cref="LineDownException">It can't be made now; the message says why.</exception>
    Task AddMachineAsync(string machine, string password, CancellationToken stop);

    /// <summary>Changes the password of a machine's login.</summary>
    /// <exception cref="LineDownException">As above.</exception>
    Task ChangePasswordAsync(string machine, string password, CancellationToken stop);

    /// <summary>Removes what <see cref="AddMachineAsync"/> made, with what waits for the machine. Again is no fault.</summary>
    /// <exception cref="LineDownException">As above.</exception>
    Task RemoveMachineAsync(string machine, CancellationToken stop);

    /// <summary>Where machines find the transport: without a login, for a join code.</summary>
    Uri Address { get; }
}

/// <summary>The machine's side of <see cref="IFrontLine"/>.</summary>
internal interface IAgentLine : IAsyncDisposable
{
    /// <inheritdoc cref="IFrontLine.Trouble"/>
    string? Trouble { get; }

    /// <summary>Connects, and takes what the front sends until <paramref name="stop"/>. It never throws.</summary>
    /// <param name="onOrder">Takes an order; what was taken is not given again, where this throws it is given again later. Called for one after the other.</param>
    /// <param name="onControl">Takes a control message. It does not throw.</param>
    /// <param name="onConnected">Told each time when the line is up. It does not throw.</param>
    /// <param name="stop">Ends it.</param>
    Task RunAsync(
        Func<Envelope, Task> onOrder,
        Func<Envelope, Task> onControl,
        Action onConnected,
        CancellationToken stop
    );

    /// <summary>Comes when the report is on the transport's disk. Waits while the transport takes nothing (back-pressure).</summary>
    /// <exception cref="LineDownException">It was not taken, or that is not known: send it again.</exception>
    Task SendReportAsync(Envelope report, CancellationToken stop);
}

/// <summary>The transport can't be used now. The message says why, without a secret.</summary>
internal sealed class LineDownException : Exception
{
    public LineDownException() { }

    public LineDownException(string message)
        : base(message) { }

    public LineDownException(string message, Exception innerException)
        : base(message, innerException) { }
}

/// <summary>Where a transport is, and by which login.</summary>
/// <param name="Address">Such as <c>amqps://broker.example:5671</c>, with the login of the front in it, or of nobody.</param>
/// <param name="AuthorityFile">PEM: who may have signed its certificate; null for the system's authorities.</param>
/// <param name="User">Of a machine: its name. Null where <paramref name="Address"/> has one.</param>
/// <param name="Password">Of a machine.</param>
internal sealed record LineAddress(Uri Address, string? AuthorityFile, string? User = null, string? Password = null);
